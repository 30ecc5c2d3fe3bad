package dev.zoetrope.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.SourceId;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowsTest {
  private static final SourceId GATE = new SourceId("gate");
  private static final String NAME = "mpeg1";
  private static final RelayMessage MESSAGE =
      new RelayMessage("gate", NAME, 7, 100, RelayMessage.JOIN, 0, 0, 0, 0, 1);

  private static final Receiver NOBODY =
      new Receiver() {
        @Override
        public void received(Upstream from, RelayMessage header, long captured, Bytes payload) {
          // the link hands on, not this
        }

        @Override
        public void refused(Upstream from, String words) {
          // the same
        }
      };

  private long nanos;
  private final Flows flows = new Flows(() -> nanos);

  @Test
  void whatWasOnItsWayWhenItWasGivenUpIsNotCountedWhereItIsWantedAgain() {
    flows.up();
    flows.want(GATE, NAME, NOBODY);
    flows.subscribed(1);
    assertThat(flows.received(MESSAGE)).isPresent();
    assertThat(flows.withdraw(GATE, NAME).orElseThrow()).contains("unsubscribe");
    flows.want(GATE, NAME, NOBODY);

    assertThat(flows.received(MESSAGE)).as("of the first").isEmpty();
    flows.ended(1);
    flows.subscribed(2);
    assertThat(flows.received(MESSAGE)).isPresent();
    ByteBuffer told = ByteBuffer.wrap(flows.acknowledgements().get(0));
    assertThat(told.remaining()).isEqualTo(8);
    assertThat(told.getInt()).isEqualTo(2 << 16);
    assertThat(told.getInt()).isEqualTo(1);
  }

  @Test
  void whatWasRefusedIsAskedForAgainAfterAWhile() {
    flows.up();
    flows.want(GATE, NAME, NOBODY);
    assertThat(flows.ended(1)).contains(NOBODY);
    nanos = TimeUnit.MILLISECONDS.toNanos(1900);
    assertThat(flows.again()).isEmpty();
    nanos = TimeUnit.MILLISECONDS.toNanos(2000);
    assertThat(flows.again()).singleElement().asString().contains("subscribe");
    assertThat(flows.again()).as("once").isEmpty();
  }

  @Test
  void allThatIsWantedIsAskedForWhenTheOriginIsBack() {
    flows.want(GATE, NAME, NOBODY);
    assertThat(flows.up()).hasSize(1);
    flows.subscribed(1);
    flows.received(MESSAGE);
    flows.down();
    assertThat(flows.up()).hasSize(1);
    assertThat(flows.received(MESSAGE)).as("nothing has been told of it yet").isEmpty();
    flows.subscribed(1);
    flows.received(MESSAGE);
    ByteBuffer told = ByteBuffer.wrap(flows.acknowledgements().get(0));
    assertThat(told.getInt(4)).as("it counts anew").isEqualTo(1);
  }
}
