package dev.zoetrope.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.SourceId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginMessagesTest {
  private static final String LINKS =
      "{'type':'links','links':[{'id':'0123','sha256':'abcd','path':['n-a','n-b'],"
          + "'sources':['gate','Not An Id'],'ways':['gif'],'expires':1764380000,'viewers':3,"
          + "'later':{}},"
          + "{'id':'4567','sha256':'ef','path':[],'sources':['yard'],'ways':[],'expires':5},"
          + "{'id':'8','sha256':'ef','path':[],'sources':[],'ways':[],'expires':5}]}";

  private static final List<String> MESSAGES =
      List.of(
          LINKS,
          "{'type':'hello','version':1,'node':'n-a','name':'a','now':1.5,'most':5}",
          "{'type':'sources','sources':[{'id':'gate','title':'Gate','path':['n-a'],'state':'live',"
              + "'access':'public','renditions':[{'name':'mjpeg','format':'mjpeg','width':640}]}]}",
          "{'type':'clock','id':7,'now':1764380000123.5}",
          "{'type':'subscribed','n':1,'source':'gate','rendition':'mjpeg'}",
          "{'type':'end','n':1,'code':4403,'message':'no'}",
          "{'type':'drain','within':5000}");

  /** Counts what it hears. */
  private static final class Hearer implements OriginMessages.Hearer {
    private final List<OfferedLink> links = new ArrayList<>();
    private int heard;

    @Override
    public void hello(int version, LinkFigures.Peer peer) {
      heard++;
    }

    @Override
    public void sources(Map<SourceId, Offer> offers) {
      heard++;
    }

    @Override
    public void links(List<OfferedLink> told) {
      links.addAll(told);
      heard++;
    }

    @Override
    public void time(long id, long nowMicros) {
      heard++;
    }

    @Override
    public void subscribed(int number) {
      heard++;
    }

    @Override
    public void ended(int number, String words) {
      heard++;
    }

    @Override
    public void draining() {
      heard++;
    }
  }

  private static Hearer heard(String text) throws IOException {
    Hearer hearer = new Hearer();
    OriginMessages.read(text.replace('\'', '"'), hearer);
    return hearer;
  }

  @Test
  void shareLinksAreReadAndWhatIsForNothingIsLeftOut() throws Exception {
    assertThat(heard(LINKS).links)
        .containsExactly(
            new OfferedLink(
                "0123",
                "abcd",
                List.of("n-a", "n-b"),
                Set.of(new SourceId("gate")),
                Set.of("gif"),
                Instant.ofEpochSecond(1764380000),
                OptionalInt.of(3)),
            new OfferedLink(
                "4567",
                "ef",
                List.of(),
                Set.of(new SourceId("yard")),
                Set.of(),
                Instant.ofEpochSecond(5),
                OptionalInt.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'links'}",
        "{'type':'links','links':[7]}",
        "{'type':'links','links':[{'id':'1','sha256':'a','path':[],'sources':['x'],'ways':[]}]}",
        "{'type':'links','links':[{'id':'1','sha256':'a','path':[],'sources':['x'],'ways':[],"
            + "'expires':1e30}]}",
        "{'type':'links','links':[{'id':'1','sha256':'a','path':[],'sources':['x'],'ways':[],"
            + "'expires':9223372036854775807}]}",
        "{'type':'links','links':[{'id':'1','sha256':'a','path':[],'sources':['x'],'ways':[],"
            + "'expires':5,'viewers':1.5}]}",
        "{'type':'clock','id':7}",
        "[]",
        "no json"
      })
  void whatCannotBeUnderstoodIsRefusedInWords(String text) {
    assertThatThrownBy(() -> heard(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text message");
  }

  @Test
  void unknownTypeIsPassedOver() throws Exception {
    assertThat(heard("{'type':'later','x':[1,2,3]}").heard).isZero();
  }

  /** Either it is understood, or refused: nothing else comes out. */
  @Test
  void damagedMessagesAreReadOrRefused() {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(MESSAGES.get(i % MESSAGES.size()));
      for (int each = random.nextInt(4); each >= 0 && text.length() > 1; each--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
          case 1 -> text.deleteCharAt(at);
          default -> text.setLength(Math.max(1, at));
        }
      }
      try {
        heard(text.toString());
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(10_000, 20_000);
  }
}
