package dev.zoetrope;

import dev.zoetrope.app.SourceLost;
import dev.zoetrope.app.SourceRecovered;
import dev.zoetrope.capture.Diagnosis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A bean of somebody who embeds the server: says on stdout what it is told. */
@ApplicationScoped
public class Embedder {
  /** The id of a source whose loss keeps it busy for long. */
  static final String SLOW = "slow";

  private static final int SLOW_SECONDS = 60;

  void lost(@ObservesAsync SourceLost lost) throws InterruptedException {
    System.out.println(
        "embedder: lost " + lost.id() + " " + lost.why().map(Diagnosis::cause).orElseThrow());
    if (lost.id().value().equals(SLOW)) {
      boolean isOver = new CountDownLatch(1).await(SLOW_SECONDS, TimeUnit.SECONDS);
      System.out.println("embedder: waited in vain " + isOver);
    }
  }

  void recovered(@ObservesAsync SourceRecovered recovered) {
    System.out.println("embedder: recovered " + recovered.id());
    throw new IllegalStateException("on purpose");
  }
}
