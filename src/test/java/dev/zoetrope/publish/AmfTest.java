package dev.zoetrope.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AmfTest {
  @Test
  void valuesComeBackAsTheyWereWritten() throws IOException {
    Amf[] values = {
      Amf.of("connect"),
      Amf.of(1.5),
      new Amf.Flag(true),
      Amf.NOTHING,
      Amf.of("x".repeat(70_000)),
      Amf.table("app", "live", "inner", Amf.table("depth", 2)),
      new Amf.Row(List.of(Amf.of(1), Amf.of("zwei"))),
    };

    List<Amf> read = AmfReader.readAll("test", AmfWriter.write(values));

    assertThat(read).containsExactly(values);
  }

  @Test
  void ecmaArrayIsATableWhateverItsCountSays() throws IOException {
    Bytes array = Bytes.of(8, 0, 0, 0, 99, 0, 1, 'a', 1, 1, 0, 0, 9);

    List<Amf> read = AmfReader.readAll("test", array);

    assertThat(read).containsExactly(new Amf.Table(Map.of("a", new Amf.Flag(true))));
  }

  @Test
  void dateAndReferenceAndUndefinedArePassedOver() throws IOException {
    Bytes values = Bytes.of(11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 1, 6, 13, 1, 0);

    List<Amf> read = AmfReader.readAll("test", values);

    assertThat(read)
        .containsExactly(Amf.NOTHING, Amf.NOTHING, Amf.NOTHING, Amf.NOTHING, new Amf.Flag(false));
  }

  @Test
  void deepNestingIsRefused() {
    Bytes nested = Bytes.EMPTY;
    for (int i = 0; i < 1000; i++) {
      nested = Bytes.concat(nested, Bytes.of(3, 0, 1, 'a'));
    }
    Bytes deep = nested;

    assertThatThrownBy(() -> AmfReader.readAll("test", deep))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining("8 deep");
  }

  @Test
  void hugeArrayIsRefused() {
    assertThatThrownBy(() -> AmfReader.readAll("test", Bytes.of(10, 0x7f, 0xff, 0xff, 0xff)))
        .isInstanceOf(MalformedMediaException.class)
        .hasMessageContaining("2147483647 values");
  }

  @Test
  void everyTruncationIsMalformedOrShorter() throws IOException {
    Bytes whole = AmfWriter.write(Amf.of("connect"), Amf.of(1), Amf.table("app", "live"));

    for (int size = 0; size < whole.size(); size++) {
      Bytes part = whole.slice(0, size);
      try {
        assertThat(AmfReader.readAll("test", part)).hasSizeLessThan(3);
      } catch (MalformedMediaException e) {
        assertThat(e).hasMessageStartingWith("test at byte");
      }
    }
  }
}
