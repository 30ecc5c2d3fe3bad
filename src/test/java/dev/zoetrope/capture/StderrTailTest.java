package dev.zoetrope.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrTailTest {
  @ParameterizedTest
  @CsvSource({
    "rtsp://me:secret@camera/a: 401 Unauthorized,     rtsp://camera/a: 401 Unauthorized",
    "rtsp://camera/a?k=secret: Connection refused,    rtsp://camera/a: Connection refused",
    "failed 'https://h/a.ts?token=secret' twice,      failed 'https://h/a.ts' twice",
    "http://me:se@cret@host/a?b=secret#c and more,    http://host/a and more",
    "[rtsp @ 0x55f1c0ffee00] method DESCRIBE failed,  rtsp: method DESCRIBE failed",
    "[in#0 @ 0xAA] is no place in memory,             [in#0 @ 0xAA] is no place in memory",
  })
  void secretsAndPlacesInMemoryAreNotKept(String written, String kept) {
    StderrTail tail = read(written);

    assertThat(tail.last()).contains(kept);
  }

  @Test
  void secretIsHiddenBeforeTheLineIsCut() {
    StderrTail tail = read("x".repeat(380) + " rtsp://user:" + "secret".repeat(10) + "@camera/");

    assertThat(tail.last().orElseThrow()).doesNotContain("secret").hasSizeLessThan(410);
  }

  @Test
  void lastLineIsTheLastThatIsNotBlank() {
    StderrTail tail = read("first\nsecond\n \n\n");

    assertThat(tail.last()).contains("second");
  }

  @Test
  void onlyTheNewestLinesAreKept() {
    StderrTail tail = read("line\n".repeat(60) + "end\n");

    assertThat(tail.lines()).hasSize(50).last().isEqualTo("end");
  }

  @Test
  void whatWasSurvivedIsShownAndTellsNothingOfTheEnd() throws Exception {
    PipedOutputStream said = new PipedOutputStream();
    StderrTail tail = new StderrTail(new PipedInputStream(said));
    Thread reader = new Thread(tail);
    reader.start();

    said.write("Incorrect passphrase\n".getBytes(UTF_8));
    said.flush();
    await().until(() -> tail.lines().size() == 1);
    assertThat(tail.last()).contains("Incorrect passphrase");
    tail.survive();

    assertThat(tail.last()).isEmpty();
    assertThat(tail.complaints()).isEmpty();
    assertThat(tail.lines()).containsExactly("Incorrect passphrase");
    said.write("Input/output error\n".repeat(50).getBytes(UTF_8)); // there is room for so many
    said.close();
    reader.join();
    assertThat(tail.complaints()).hasSize(50);
    assertThat(tail.last()).contains("Input/output error");
  }

  private static StderrTail read(String text) {
    StderrTail tail = new StderrTail(new ByteArrayInputStream(text.getBytes(UTF_8)));
    tail.run();
    return tail;
  }
}
