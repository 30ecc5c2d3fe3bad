package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.server.FreePort;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each format of each kind of source, read by ffmpeg as an independent client, and moving. */
class FormatsIT {
  private static final double SECONDS = 1.5;

  @TempDir private static Path folder;

  private static final List<AutoCloseable> open = new ArrayList<>();
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Path clips = LiveClips.folder();
    TestHome home = new TestHome(folder.resolve("home"));
    home.source("pattern", "kind: test-pattern", "width: 320", "height: 180", "linger: 0s");
    for (String clip :
        List.of(
            "h264-aac.mp4",
            "b-frames.mp4",
            "silent.mp4",
            "mjpeg.avi",
            "hevc.mp4",
            "vp9-opus.webm",
            "mulaw.mkv",
            "mulaw.mov",
            "mp3.mkv",
            "mpeg2.ts")) {
      home.media(clip);
      home.source(clip.replace('.', '-'), "kind: file", "path: " + clip, "linger: 0s");
    }
    home.media("pictures").source("folder", "kind: folder", "path: pictures", "linger: 0s");
    pulled(home, clips);
    server = TestServer.at(home.folder());
    open.add(server);
  }

  /** Real servers, and sources that pull from them. */
  private static void pulled(TestHome home, Path clips) throws IOException {
    String clip = clips.resolve("h264-aac.mp4").toString();
    RtmpServer rtmp = RtmpServer.start(folder.resolve("nginx"));
    open.add(rtmp);
    publish(clip, "flv", rtmp.uri("gate"));
    url(home, "rtmp", rtmp.uri("gate"));
    RtspServer rtsp = RtspServer.start();
    open.add(rtsp);
    for (String stream : List.of("plain", "b-frames", "mulaw")) {
      url(home, "rtsp-" + stream, rtsp.uri(stream));
    }
    Path hls = Files.createDirectories(folder.resolve("hls"));
    StreamingServer http =
        new StreamingServer()
            .stream("/live.ts", "video/mp2t", toStdout(clip, "mpegts")).stream(
                    "/live.flv", "video/x-flv", toStdout(clip, "flv"))
                .stream("/endless", "video/mp4", toStdout(clip, "mp4"))
                .files("/hls/", hls)
                .files("/files/", clips);
    open.add(http);
    publish(clip, "hls", hls.resolve("live.m3u8").toString());
    url(home, "http-ts", http.uri("/live.ts"));
    url(home, "http-flv", http.uri("/live.flv"));
    url(home, "http-fmp4", http.uri("/endless"));
    url(home, "http-mp4", http.uri("/files/progressive.mp4"));
    url(home, "hls", http.uri("/hls/live.m3u8"));
    int udp = FreePort.find();
    publish(clip, "mpegts", "udp://127.0.0.1:" + udp + "?pkt_size=1316");
    url(home, "udp", "udp://127.0.0.1:" + udp);
    int srt = FreePort.find();
    publish(clip, "mpegts", "srt://127.0.0.1:" + srt + "?mode=listener");
    url(home, "srt", "srt://127.0.0.1:" + srt);
    Awaitility.await("HLS playlist")
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(hls.resolve("live.m3u8")));
  }

  private static void url(TestHome home, String id, String url) throws IOException {
    home.source(id, "kind: url", "url: \"" + url + "\"", "linger: 0s");
  }

  private static void publish(String clip, String format, String to) throws IOException {
    List<String> command = feeder(clip, format);
    if (format.equals("hls")) {
      command.addAll(List.of("-hls_segment_type", "fmp4", "-hls_time", "1"));
      command.addAll(List.of("-hls_flags", "delete_segments"));
    }
    command.add(to);
    open.add(Program.start(command.toArray(String[]::new)));
  }

  private static List<String> toStdout(String clip, String format) {
    List<String> command = feeder(clip, format);
    if (format.equals("mp4")) {
      command.addAll(List.of("-movflags", "empty_moov+frag_keyframe+default_base_moof"));
    }
    command.add("pipe:1");
    return command;
  }

  private static List<String> feeder(String clip, String format) {
    return new ArrayList<>(
        List.of(
            "ffmpeg",
            "-nostdin",
            "-v",
            "error",
            "-re",
            "-stream_loop",
            "-1",
            "-i",
            clip,
            "-c",
            "copy",
            "-f",
            format));
  }

  @AfterAll
  static void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @Execution(CONCURRENT)
  @CsvSource({
    "pattern,       h264, aac",
    "h264-aac-mp4,  h264, aac",
    "b-frames-mp4,  h264, aac",
    "silent-mp4,    h264,",
    "mjpeg-avi,     h264,",
    "hevc-mp4,      hevc, aac",
    "vp9-opus-webm, vp9,  opus",
    "mulaw-mkv,     h264, aac",
    "mulaw-mov,     h264, aac",
    "mp3-mkv,       h264, aac",
    "mpeg2-ts,      h264, aac",
    "folder,        h264,",
    "rtmp,          h264, aac",
    "rtsp-plain,    h264,",
    "rtsp-b-frames, h264,",
    "rtsp-mulaw,    h264, aac",
    "http-ts,       h264, aac",
    "http-flv,      h264, aac",
    "http-fmp4,     h264, aac",
    "http-mp4,      h264, aac",
    "hls,           h264, aac",
    "udp,           h264, aac",
    "srt,           h264, aac",
  })
  void everyFormatMoves(String id, String videoCodec, String audioCodec) throws Exception {
    Optional<String> sound = Optional.ofNullable(audioCodec);
    if (id.equals("udp")) { // joined in midstream, it may take a second try: a card until then
      try (LiveStream first = LiveStream.open(server.uri("live/" + id + ".mjpeg"))) {
        first.await("a second of the source", FormatsIT::endsWithPictures);
      }
    }
    try (Seen.Watching mp4 = watch("mp4", id, "mp4");
        Seen.Watching ts = watch("mpegts", id, "ts");
        Seen.Watching mjpeg = watch("mpjpeg", id, "mjpeg");
        LiveStream gif = LiveStream.open(server.uri("live/" + id + ".gif"))) {
      checkPictures(mp4.await(), videoCodec, sound);
      checkPictures(ts.await(), "mpeg1video", sound.map(any -> "mp2"));
      checkPictures(mjpeg.await(), "mjpeg", Optional.empty());
      checkGif(gif);
      checkStill(id);
    } catch (AssertionError failure) {
      throw new AssertionError(failure.getMessage() + "\n" + server.log(), failure);
    }
  }

  /** And not with the card, which has another size. */
  private static boolean endsWithPictures(byte[] mjpeg) {
    List<byte[]> parts = MultipartCut.parts(mjpeg);
    int count = parts.size();
    return count >= 20
        && parts.subList(count - 20, count).stream().allMatch(part -> width(part) == 320);
  }

  private static int width(byte[] jpeg) {
    try {
      return ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Seen.Watching watch(String format, String id, String extension)
      throws IOException {
    // A fragment of a second comes all at once: the next one has to come, too.
    double seconds = id.equals("http-fmp4") ? SECONDS + 1.5 : SECONDS;
    return Seen.watch(format, server.uri("live/" + id + "." + extension).toString(), seconds);
  }

  private static void checkPictures(Seen seen, String codec, Optional<String> sound) {
    assertThat(seen.videoCodec()).isEqualTo(codec);
    assertThat(seen.width()).isEqualTo(320);
    assertThat(seen.height()).isEqualTo(180);
    assertThat(seen.complaints()).isEmpty();
    assertThat(seen.distinctPictures()).isGreaterThanOrEqualTo(10);
    // ffmpeg takes MPEG sound for MP3 until it has read enough of it.
    assertThat(seen.audioCodec().map(name -> name.equals("mp3") ? "mp2" : name)).isEqualTo(sound);
    if (sound.isPresent()) {
      assertThat(seen.distinctSounds()).isGreaterThanOrEqualTo(10);
    }
  }

  /** What came until now, closed by a trailer, is a GIF whose pictures differ. */
  private static void checkGif(LiveStream stream) throws IOException {
    assertThat(stream.head().headers().firstValue("Content-Type")).hasValue("image/gif");
    byte[] gif = GifCut.whole(stream.await("GIF images", bytes -> GifCut.images(bytes) >= 8));
    Seen seen = Seen.of("gif", gif);
    assertThat(seen.videoCodec()).isEqualTo("gif");
    assertThat(seen.width()).isEqualTo(320);
    assertThat(seen.height()).isEqualTo(180);
    assertThat(seen.complaints()).isEmpty();
    assertThat(seen.distinctPictures()).isGreaterThanOrEqualTo(5);
  }

  private static void checkStill(String id) throws Exception {
    HttpResponse<byte[]> response =
        LiveStream.CLIENT.send(
            HttpRequest.newBuilder(server.uri("live/" + id + ".jpg")).build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(response.body()));
    assertThat(image.getWidth()).isEqualTo(320);
    assertThat(image.getHeight()).isEqualTo(180);
  }

  @Test
  void jpegsOfAFolderTravelUntouched() throws Exception {
    List<byte[]> files = new ArrayList<>();
    for (int number = 1; number <= 12; number++) {
      files.add(Files.readAllBytes(LiveClips.folder().resolve("pictures/" + number + ".jpg")));
    }

    try (LiveStream stream = LiveStream.open(server.uri("live/folder.mjpeg"))) {
      byte[] body = stream.await("all pictures twice", bytes -> bytes.length > 200_000);
      List<byte[]> pictures = MultipartCut.parts(body);

      assertThat(pictures).hasSizeGreaterThan(12);
      int first = files.indexOf(find(files, pictures.get(0)));
      for (int i = 0; i < pictures.size(); i++) {
        assertThat(pictures.get(i)).isEqualTo(files.get((first + i) % 12));
      }
    }
  }

  private static byte[] find(List<byte[]> files, byte[] picture) {
    return files.stream()
        .filter(file -> java.util.Arrays.equals(file, picture))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no file of " + picture.length + " bytes"));
  }
}
