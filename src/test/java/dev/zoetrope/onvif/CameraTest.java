package dev.zoetrope.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.zoetrope.onvif.CameraException.Reason;
import dev.zoetrope.onvif.StandInCamera.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Execution(CONCURRENT)
class CameraTest {
  private static final Optional<Credentials> VIEWER =
      Optional.of(new Credentials(StandInCamera.USER, StandInCamera.PASSWORD.toCharArray()));
  private static final Optional<Credentials> STRANGER =
      Optional.of(new Credentials(StandInCamera.USER, "wrong".toCharArray()));

  private static Camera at(StandInCamera camera, Optional<Credentials> credentials) {
    return Camera.at(camera.address(), credentials, Clock.systemUTC());
  }

  private static CameraException refusal(StandInCamera camera, Optional<Credentials> credentials) {
    return catchThrowableOfType(CameraException.class, () -> at(camera, credentials).describe());
  }

  private static String service(String namespace, String path) {
    return "<tds:Service><tds:Namespace>%s</tds:Namespace><tds:XAddr>%s</tds:XAddr></tds:Service>"
        .formatted(namespace, path);
  }

  /** Everything said, in the way of Hikvision; two profiles. */
  private static StandInCamera complete(Door door, Duration clockAhead) throws IOException {
    return new StandInCamera(door, clockAhead)
        .answering(
            "GetServices",
            service("http://www.onvif.org/ver10/device/wsdl", "BASEonvif/device_service")
                + service("http://www.onvif.org/ver10/media/wsdl", "BASEonvif/Media?x=1")
                + service("http://www.onvif.org/ver20/media/wsdl", "BASEonvif/Media2"))
        .answering(
            "GetProfiles",
            profile("Profile_1", "mainStream", 1920, 1080)
                + profile("Profile_2", "subStream", 640, 360))
        .answering(
            "GetStreamUri",
            "<trt:MediaUri><tt:Uri>rtsp://127.0.0.1:554/Streaming/Channels/101?transportmode=unicast"
                + "&amp;profile=Profile_1</tt:Uri></trt:MediaUri>")
        .answering(
            "GetSnapshotUri",
            "<trt:MediaUri><tt:Uri>http://admin:12345@127.0.0.1/onvif-http/snapshot?Profile_1"
                + "</tt:Uri></trt:MediaUri>")
        .answering(
            "GetDeviceInformation",
            "<tds:Manufacturer>HIKVISION</tds:Manufacturer><tds:Model>DS-2CD2042WD-I</tds:Model>"
                + "<tds:FirmwareVersion>V5.5.0</tds:FirmwareVersion>"
                + "<tds:SerialNumber>DS-1</tds:SerialNumber>");
  }

  private static String profile(String token, String name, int width, int height) {
    return """
        <trt:Profiles token="%s" fixed="true"><tt:Name>%s</tt:Name>
        <tt:VideoSourceConfiguration token="VideoSourceToken"><tt:Name>VideoSourceConfig</tt:Name>
        <tt:Bounds x="0" y="0" width="1920" height="1080"/></tt:VideoSourceConfiguration>
        <tt:VideoEncoderConfiguration token="VideoEncoderToken_1"><tt:Name>VideoEncoder_1</tt:Name>
        <tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>%d</tt:Width>
        <tt:Height>%d</tt:Height></tt:Resolution><tt:RateControl>
        <tt:FrameRateLimit>25</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>
        <tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration>
        </trt:Profiles>"""
        .formatted(token, name, width, height);
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void cameraTellsItsStreamsToWhoMayAsk(Door door) throws Exception {
    try (StandInCamera camera = complete(door, Duration.ZERO)) {

      CameraDescription description = at(camera, VIEWER).describe();

      assertThat(description.manufacturer()).isEqualTo("HIKVISION");
      assertThat(description.model()).isEqualTo("DS-2CD2042WD-I");
      assertThat(description.firmware()).isEqualTo("V5.5.0");
      assertThat(description.serial()).isEqualTo("DS-1");
      assertThat(description.clockAhead()).isBetween(Duration.ofSeconds(-3), Duration.ZERO);
      assertThat(description.streams())
          .hasSize(2)
          .first()
          .isEqualTo(
              new StreamProfile(
                  "mainStream",
                  "Profile_1",
                  "H264",
                  1920,
                  1080,
                  25,
                  4096,
                  URI.create(
                      "rtsp://127.0.0.1:554/Streaming/Channels/101?transportmode=unicast"
                          + "&profile=Profile_1"),
                  false,
                  Optional.of(URI.create("http://127.0.0.1/onvif-http/snapshot?Profile_1"))));
      assertThat(camera.messages()).noneMatch(sent -> sent.contains(StandInCamera.PASSWORD));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3650, -1, 1})
  void clockThatIsWrongIsAllowedFor(long days) throws Exception {
    try (StandInCamera camera = complete(Door.TOKEN, Duration.ofDays(days))) {

      CameraDescription description = at(camera, VIEWER).describe();

      assertThat(description.clockAhead())
          .isBetween(Duration.ofDays(days).minusSeconds(3), Duration.ofDays(days).plusSeconds(1));
      assertThat(camera.operations()).noneMatch(operation -> operation.startsWith("!"));
    }
  }

  @Test
  void wrongPasswordIsTriedOnceAndSaidInPlainWords() throws Exception {
    try (StandInCamera camera = complete(Door.TOKEN, Duration.ZERO)) {

      CameraException refusal = refusal(camera, STRANGER);

      assertThat(refusal.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
      assertThat(refusal)
          .hasMessage(
              "the camera refuses the user name or the password"
                  + " (Sender not Authorized. 4 tries left)");
      assertThat(camera.operations()).containsExactly("GetSystemDateAndTime", "!GetServices");
    }
  }

  @Test
  void wrongPasswordIsTriedOnceByDigest() throws Exception {
    try (StandInCamera camera = complete(Door.DIGEST, Duration.ZERO)) {

      CameraException refusal = refusal(camera, STRANGER);

      assertThat(refusal.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
      assertThat(refusal).hasMessage("the camera refuses the user name or the password");
      assertThat(camera.messages()).hasSize(2);
      assertThat(camera.messages()).filteredOn(sent -> sent.startsWith("Digest ")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Door.class, names = "OPEN", mode = EnumSource.Mode.EXCLUDE)
  void missingPasswordIsAskedFor(Door door) throws Exception {
    try (StandInCamera camera = complete(door, Duration.ZERO)) {

      CameraException refusal = refusal(camera, Optional.empty());

      assertThat(refusal.reason()).isEqualTo(Reason.CREDENTIALS_MISSING);
      assertThat(refusal).hasMessageStartingWith("the camera asks for a user name and a password");
    }
  }

  @Test
  void statusWithoutAnyChallengeIsARefusalToo() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving("GetServices", exchange -> StandInCamera.sendText(exchange, 401, ""))) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
    }
  }

  @Test
  void passwordIsNotSentInTheClear() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving(
                "GetProfiles",
                exchange -> {
                  exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"cam\"");
                  StandInCamera.sendText(exchange, 401, "");
                })) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal).hasMessageContaining("in the clear");
      assertThat(camera.messages()).noneMatch(sent -> sent.startsWith("Basic"));
    }
  }

  /** Dahua's older way: no GetServices, little said, and addresses of its own network. */
  @Test
  void oldCameraBehindAnAddressTranslationIsAskedWhereItIsReached() throws Exception {
    try (StandInCamera camera =
        new StandInCamera(Door.TOKEN, Duration.ofHours(-8))
            .answering(
                "GetCapabilities",
                "<tds:Capabilities><tt:Analytics><tt:XAddr>http://192.0.2.1/an</tt:XAddr>"
                    + "</tt:Analytics><tt:Media><tt:XAddr>http://192.0.2.1/onvif/media_service"
                    + "</tt:XAddr></tt:Media></tds:Capabilities>")
            .answering("GetProfiles", "<trt:Profiles token='MediaProfile000'></trt:Profiles>")
            .answering(
                "GetStreamUri",
                "<trt:MediaUri><tt:Uri>rtsp://admin:s3cr@t@192.0.2.1:554/cam/realmonitor?channel=1"
                    + "&amp;name={a b}</tt:Uri></trt:MediaUri>")) {

      CameraDescription description = at(camera, VIEWER).describe();

      assertThat(description.manufacturer()).isEmpty();
      assertThat(description.streams())
          .containsExactly(
              new StreamProfile(
                  "MediaProfile000",
                  "MediaProfile000",
                  "",
                  0,
                  0,
                  0,
                  0,
                  URI.create("rtsp://192.0.2.1:554/cam/realmonitor?channel=1&name=%7Ba%20b%7D"),
                  true,
                  Optional.empty()));
      assertThat(description.toString()).doesNotContain("s3cr");
    }
  }

  @Test
  void cameraWithMedia2OnlyTellsItsStreams() throws Exception {
    try (StandInCamera camera =
        new StandInCamera(Door.DIGEST, Duration.ZERO)
            .answering(
                "GetServices",
                service("http://www.onvif.org/ver20/media/wsdl", "BASEonvif/media2_service"))
            .answering(
                "GetProfiles",
                "<tr2:Profiles token='p1'><tr2:Name>main</tr2:Name><tr2:Configurations>"
                    + "<tr2:VideoEncoder token='v'><tt:Name>v</tt:Name>"
                    + "<tt:Encoding>H265</tt:Encoding><tt:Resolution><tt:Width>3840</tt:Width>"
                    + "<tt:Height>2160</tt:Height></tt:Resolution>"
                    + "<tt:RateControl ConstantBitRate='true'>"
                    + "<tt:FrameRateLimit>29.97</tt:FrameRateLimit>"
                    + "<tt:BitrateLimit>8192</tt:BitrateLimit></tt:RateControl>"
                    + "</tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>")
            .answering(
                "GetStreamUri", "<tr2:Uri>rtsp://127.0.0.1/axis-media/media.amp</tr2:Uri>")) {

      CameraDescription description = at(camera, VIEWER).describe();

      assertThat(description.streams())
          .containsExactly(
              new StreamProfile(
                  "main",
                  "p1",
                  "H265",
                  3840,
                  2160,
                  30,
                  8192,
                  URI.create("rtsp://127.0.0.1/axis-media/media.amp"),
                  false,
                  Optional.empty()));
    }
  }

  @Test
  void userWhoMayNotSeeTheDeviceSeesItsStreams() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving(
                "GetDeviceInformation",
                exchange ->
                    StandInCamera.send(
                        exchange, 400, StandInCamera.fault("ter:NotAuthorized", "no")))) {

      CameraDescription description = at(camera, VIEWER).describe();

      assertThat(description.model()).isEmpty();
      assertThat(description.streams()).hasSize(2);
    }
  }

  @Test
  void cameraThatKeepsItsTimeToItselfIsTakenToBeRight() throws Exception {
    try (StandInCamera camera =
        complete(Door.TOKEN, Duration.ZERO)
            .misbehaving(
                "GetSystemDateAndTime",
                exchange ->
                    StandInCamera.send(
                        exchange, 400, StandInCamera.fault("ter:NotAuthorized", "no")))) {

      assertThat(at(camera, VIEWER).describe().streams()).hasSize(2);
    }
  }

  @Test
  void faultIsToldInTheCamerasWords() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving(
                "GetProfiles",
                exchange ->
                    StandInCamera.send(
                        exchange,
                        500,
                        StandInCamera.fault(
                            "ter:OperationProhibited", "The device is\n locked")))) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.REFUSED);
      assertThat(refusal).hasMessage("the camera says no: The device is locked");
    }
  }

  @Test
  void redirectIsNotFollowed() throws Exception {
    try (StandInCamera elsewhere = complete(Door.OPEN, Duration.ZERO);
        StandInCamera camera =
            complete(Door.OPEN, Duration.ZERO)
                .misbehaving(
                    "GetServices",
                    exchange -> {
                      exchange.getResponseHeaders().add("Location", elsewhere.address().toString());
                      StandInCamera.sendText(exchange, 307, "");
                    })) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.NOT_ONVIF);
      assertThat(refusal).hasMessageContaining("redirects are not followed");
      assertThat(elsewhere.operations()).isEmpty();
    }
  }

  @Test
  void bodyWithoutEndIsCutOff() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving(
                "GetServices",
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  byte[] bytes = "<a>".repeat(1000).getBytes(StandardCharsets.US_ASCII);
                  for (int i = 0; i < 100_000; i++) {
                    exchange.getResponseBody().write(bytes); // until the other side has enough
                  }
                })) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.NOT_ONVIF);
      assertThat(refusal).hasMessageContaining("at most 1048576 bytes");
    }
  }

  @Test
  void silenceEndsAfterFiveSeconds() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      long begin = System.nanoTime();

      CameraException refusal =
          catchThrowableOfType(
              CameraException.class,
              () -> Camera.at(address, VIEWER, Clock.systemUTC()).describe());

      assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE);
      assertThat(refusal).hasMessage("the camera does not answer within 5 s");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(9));
    }
  }

  @Test
  void bodyThatNeverGetsAnywhereEndsAfterFiveSeconds() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving(
                "GetSystemDateAndTime",
                exchange -> {
                  exchange.sendResponseHeaders(200, 1000);
                  exchange.getResponseBody().write('<');
                  exchange.getResponseBody().flush();
                })) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal).hasMessage("the camera does not answer within 5 s");
    }
  }

  @Test
  void closedPortIsSaid() throws Exception {
    URI address;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = URI.create("http://127.0.0.1:" + closed.getLocalPort() + "/");
    }

    CameraException refusal =
        catchThrowableOfType(
            CameraException.class, () -> Camera.at(address, VIEWER, Clock.systemUTC()).describe());

    assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(refusal).hasMessage("nobody listens at 127.0.0.1:" + address.getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>",
        "<html><body>It works<br></body></html>",
        "",
        "{\"error\": 1}"
      })
  void whatIsNoOnvifIsSaid(String body) throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .misbehaving("GetServices", exchange -> StandInCamera.sendText(exchange, 200, body))) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.NOT_ONVIF);
      assertThat(refusal).hasMessageStartingWith("no answer of an ONVIF device");
    }
  }

  @Test
  void deviceWithoutStreamsIsSaid() throws Exception {
    try (StandInCamera camera =
        complete(Door.OPEN, Duration.ZERO)
            .answering("GetStreamUri", "<tt:Uri>file:///etc/passwd</tt:Uri>")) {

      CameraException refusal = refusal(camera, VIEWER);

      assertThat(refusal.reason()).isEqualTo(Reason.NO_STREAM);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://camera/",
        "file:///etc/passwd",
        "camera",
        "http:///x",
        "http://user:secret@camera/",
        "http://camera:0/",
        "http://camera:70000/"
      })
  void onlyWebAddressesAreTaken(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Camera.at(URI.create(address), VIEWER, Clock.systemUTC()))
        .withMessageStartingWith("expected")
        .withMessageNotContaining("secret");
  }

  @Test
  void credentialsDoNotShow() {
    assertThat(VIEWER.orElseThrow().toString()).doesNotContain(StandInCamera.PASSWORD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Credentials("a\nb", new char[] {'x'}));
  }
}
