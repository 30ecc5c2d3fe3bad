package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Handover.PictureForm;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.Source.MediaFiles;
import dev.zoetrope.media.Source.Screen;
import dev.zoetrope.media.Source.TestPattern;
import dev.zoetrope.media.Source.Url;
import dev.zoetrope.media.Source.Webcam;
import dev.zoetrope.media.Source.Webcam.Pixels;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureCommandTest {
  private static final String ENCODER = "libx264";
  private static final Handover SILENT = new Handover(PictureForm.COPIED, false);

  @ParameterizedTest
  @CsvSource({
    "rtsp://camera/a,   'rtsp,rtp,udp,tcp,tls',       -timeout",
    "rtsps://camera/a,  'rtsps,rtsp,rtp,udp,tcp,tls', -timeout",
    "rtmp://host/a/b,   'rtmp,tcp',                   -rw_timeout",
    "rtmps://host/a/b,  'rtmps,rtmp,tcp,tls',         -rw_timeout",
    "http://host/a.ts,  'http,https,tcp,tls,crypto',  -rw_timeout",
    "HTTPS://host/a.ts, 'http,https,tcp,tls,crypto',  -rw_timeout",
    "srt://host:1234,   'srt,udp',                    -timeout",
    "udp://host:1234,   'udp',                        -timeout",
  })
  void addressIsReadByItsOwnProtocolsOnlyAndNotWaitedForWithoutEnd(
      URI uri, String protocols, String timeout) {
    List<String> arguments = CaptureCommand.of(new Url(uri), Handover.WHOLE, ENCODER, 1);

    List<String> ofInput = arguments.subList(0, arguments.indexOf("-i"));
    assertThat(after(ofInput, "-protocol_whitelist")).isEqualTo(protocols);
    assertThat(after(ofInput, timeout)).isEqualTo("10000000");
    assertThat(after(arguments, "-i")).isEqualTo(uri.toString());
  }

  @Test
  void fileIsReadAsAFileThatNamesNoOthersAndInRealTime() {
    MediaFiles file = new MediaFiles(List.of(Path.of("/media/-i evil:name.mp4")), true);

    List<String> arguments = CaptureCommand.of(file, Handover.WHOLE, ENCODER, 1);

    List<String> ofInput = arguments.subList(0, arguments.indexOf("-i"));
    assertThat(after(arguments, "-i")).isEqualTo("file:/media/-i evil:name.mp4");
    assertThat(after(ofInput, "-protocol_whitelist")).isEqualTo("file");
    assertThat(after(ofInput, "-format_whitelist").split(",", -1))
        .contains("mov", "matroska")
        .doesNotContain("hls", "concat", "sdp", "dash", "image2", "lavfi", "rtsp");
    assertThat(ofInput).contains("-re").containsSequence("-stream_loop", "-1");
  }

  @ParameterizedTest
  @MethodSource("configurable")
  void operatorNeverChoosesTheFormatOfAnInput(Source source) {
    List<String> arguments = CaptureCommand.of(source, Handover.WHOLE, ENCODER, 1);

    assertThat(arguments.subList(0, arguments.lastIndexOf("-i"))).doesNotContain("-f");
  }

  static Stream<Source> configurable() {
    return Stream.of(
        new MediaFiles(List.of(Path.of("/media/a.mp4")), false),
        new Url(URI.create("rtsp://camera/a")),
        new Url(URI.create("http://host/a.m3u8")));
  }

  @ParameterizedTest
  @CsvSource({
    "srt://h:1?passphrase=p%26ss%20w%25rd%2B1,            srt://h:1,               p&ss w%rd+1",
    "srt://h:1?mode=caller&passphrase=0123456789&ipttl=9, srt://h:1?mode=caller&ipttl=9, 0123456789",
    "SRT://h:1/?passphrase=T%C3%BCr+und+Tor,              SRT://h:1/,              Tür und Tor",
  })
  void passphraseGoesApartFromTheAddressInPlainText(URI uri, String address, String passphrase) {
    Url url = new Url(uri);

    List<String> arguments = CaptureCommand.of(url, Handover.WHOLE, ENCODER, 1);

    List<String> ofInput = arguments.subList(0, arguments.indexOf("-i"));
    assertThat(after(ofInput, "-passphrase")).isEqualTo(passphrase);
    assertThat(after(arguments, "-i")).isEqualTo(address);
    assertThat(url.maskedIn(address + ": no " + passphrase)).isEqualTo(url.masked() + ": no …");
  }

  @ParameterizedTest
  @ValueSource(strings = {"srt://h:1", "srt://h:1?mode=caller", "http://h/a?passphrase=0123456789"})
  void addressWithoutPassphraseOfSrtStaysAsItIs(URI uri) {
    List<String> arguments = CaptureCommand.of(new Url(uri), Handover.WHOLE, ENCODER, 1);

    assertThat(arguments).doesNotContain("-passphrase");
    assertThat(after(arguments, "-i")).isEqualTo(uri.toString());
  }

  @Test
  @Timeout(90)
  void passphraseOfAnySignsOpensARealListener() throws IOException {
    int port;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String address = "srt://127.0.0.1:" + port;
    Url url = new Url(URI.create(address + "?passphrase=p%26ss%20w%25rd%2B1"));
    List<String> caller = CaptureCommand.of(url, Handover.WHOLE, ENCODER, 1);
    String listener =
        "-nostdin|-v|error|-re|-f|lavfi|-i|testsrc2=size=64x64:rate=10|-t|60|-c:v|mpeg2video|-f|"
            + "mpegts|-passphrase|p&ss w%rd+1|"
            + address
            + "?mode=listener";

    String said = "";
    Process listening = ffmpeg(List.of(listener.split("\\|", -1)));
    try {
      for (int attempt = 0; attempt < 5 && said.isEmpty(); attempt++) { // it may be slow to listen
        said = firstBytes(caller);
      }
    } finally {
      listening.destroyForcibly();
    }

    assertThat(said).startsWith("nut/multimedia");
  }

  private static String firstBytes(List<String> arguments) throws IOException {
    Process process = ffmpeg(arguments);
    try {
      return new String(process.getInputStream().readNBytes(14), StandardCharsets.US_ASCII);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process ffmpeg(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ffmpeg"));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void webcamIsOpenedByItsWholeName() {
    Path device = Path.of("/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0");
    Webcam webcam = new Webcam(device, 640, 480, 30, Pixels.MJPEG);

    List<String> arguments = CaptureCommand.webcam(webcam, Pixels.MJPEG, 1);
    List<String> question = CaptureCommand.webcamFormats(device);

    assertThat(arguments.subList(0, arguments.indexOf("-i"))).containsSequence("-f", "v4l2");
    assertThat(after(arguments, "-i")).isEqualTo(device.toString());
    assertThat(question).containsSequence("-f", "v4l2").endsWith("-i", device.toString());
  }

  @Test
  void sourceIsCopiedIntoNutOnStdout() {
    List<String> arguments =
        CaptureCommand.of(new Url(URI.create("rtmp://host/a/b")), Handover.WHOLE, ENCODER, 1);

    assertThat(arguments)
        .contains("-nostdin")
        .containsSequence("-map", "0:a:0?")
        .endsWith("pipe:1");
    assertThat(arguments).containsSequence("-vcodec", "copy", "-acodec", "copy");
    assertThat(after(arguments, "-f")).isEqualTo("nut");
    assertThat(after(arguments, "-flush_packets")).isEqualTo("1");
  }

  @Test
  void soundIsLeftOutOnRequest() {
    List<String> url = CaptureCommand.of(new Url(URI.create("udp://h:1")), SILENT, ENCODER, 1);
    List<String> pattern = CaptureCommand.of(new TestPattern(64, 64, 5), SILENT, ENCODER, 1);

    assertThat(url).doesNotContain("0:a:0?");
    assertThat(pattern).doesNotContain("1:a:0").filteredOn("-i"::equals).hasSize(1);
  }

  @Test
  void rtspPacketsWithoutPtsGetTheirDts() {
    List<String> rtsp =
        CaptureCommand.of(new Url(URI.create("rtsp://camera/a")), Handover.WHOLE, ENCODER, 1);
    List<String> rtmp =
        CaptureCommand.of(new Url(URI.create("rtmp://host/a")), Handover.WHOLE, ENCODER, 1);

    assertThat(after(rtsp, "-bsf:v")).startsWith("setts=");
    assertThat(rtmp).doesNotContain("-bsf:v");
  }

  @Test
  void whatWeMakeOurselvesHasTheThreadsThatItIsGiven() {
    List<Source> made = List.of(new TestPattern(64, 64, 5), new Screen(":0", 0, 0, 64, 64, 5));
    Webcam webcam = new Webcam(Path.of("/dev/video0"), 640, 480, 30, Pixels.RAW);

    assertThat(made)
        .allSatisfy(
            source ->
                assertThat(CaptureCommand.of(source, Handover.WHOLE, ENCODER, 4))
                    .containsSequence("-threads", "4", "-thread_type", "slice"));
    assertThat(CaptureCommand.webcam(webcam, Pixels.RAW, 4))
        .containsSequence("-threads", "4", "-thread_type", "slice");
  }

  static String after(List<String> arguments, String name) {
    int at = arguments.indexOf(name);
    assertThat(at).as("%s in %s", name, arguments).isNotNegative();
    return arguments.get(at + 1);
  }
}
