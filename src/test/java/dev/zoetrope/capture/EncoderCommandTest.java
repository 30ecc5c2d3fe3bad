package dev.zoetrope.capture;

import static dev.zoetrope.capture.CaptureCommandTest.after;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Encoding.Size;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderCommandTest {
  private static final Size SIZE = new Size(320, 180);

  @ParameterizedTest
  @MethodSource("encodings")
  void encoderReadsNutFromStdinOnlyAndKeepsTimes(Encoding encoding) {
    List<String> arguments = EncoderCommand.of(encoding, 0, 1);

    List<String> ofInput = arguments.subList(0, arguments.indexOf("-i"));
    assertThat(after(arguments, "-i")).isEqualTo("pipe:0");
    assertThat(after(ofInput, "-f")).isEqualTo("nut");
    assertThat(after(ofInput, "-protocol_whitelist")).isEqualTo("pipe");
    assertThat(ofInput).contains("-copyts").containsSequence("-threads", "1");
    assertThat(arguments).endsWith("pipe:1");
  }

  static Stream<Encoding> encodings() {
    return Stream.of(
        new Encoding.Mjpeg(SIZE, 5),
        new Encoding.Rgb(SIZE, 10),
        new Encoding.Mpeg1(SIZE, 800_000, 25),
        new Encoding.H264(SIZE, 800_000, 25, "libx264"),
        new Encoding.Mp2(),
        new Encoding.Aac());
  }

  @Test
  void picturesBeforeThePresentAreNotEncoded() {
    List<String> jpeg = EncoderCommand.of(new Encoding.Mjpeg(SIZE, 5), 12_345_678, 1);
    List<String> sound = EncoderCommand.of(new Encoding.Mp2(), 12_345_678, 1);

    assertThat(after(jpeg, "-vf"))
        .startsWith("select=gte(t\\,12.3456775),")
        .contains("scale=320:180");
    assertThat(sound).doesNotContain("-vf");
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void encoderHasTheThreadsThatItIsGivenAndHoldsNoPictureForThem(Encoding encoding) {
    List<String> one = EncoderCommand.of(encoding, 0, 1);
    List<String> four = EncoderCommand.of(encoding, 0, 4);

    boolean isSound = encoding instanceof Encoding.Mp2 || encoding instanceof Encoding.Aac;
    List<String> ofInput = four.subList(0, four.indexOf("-i"));
    assertThat(ofInput).containsSequence("-threads", "4", "-flags", "low_delay");
    if (!isSound) {
      List<String> ofOutput = four.subList(four.indexOf("-i"), four.size());
      assertThat(ofOutput).containsSequence("-threads", "4", "-thread_type", "slice");
      assertThat(one.subList(one.indexOf("-i"), one.size())).containsSequence("-threads", "1");
    }
    assertThat(one).doesNotContain("-thread_type");
  }
}
