package dev.zoetrope.onvif;

import dev.zoetrope.onvif.CameraException.Reason;
import dev.zoetrope.onvif.Conversation.Proof;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An ONVIF camera, asked what it is and where its streams are. Immutable; each question uses the
 * caller's thread and connections of its own.
 *
 * <p>Only the host that the operator named is asked: where the camera tells a service on another
 * one, as those behind an address translation do, the path is taken and the host is not. At most 32
 * profiles are looked at.
 *
 * @see "ONVIF Core Specification, 8.1.2 (GetServices, GetCapabilities), 8.3 (GetDeviceInformation,
 *     GetSystemDateAndTime); Media Service Specification, 5.2 (profiles), 5.15 (stream URI), 5.16
 *     (snapshot); Media2 Service Specification, 5.2, 5.4"
 */
public final class Camera {
  private static final String USUAL_PATH = "/onvif/device_service";
  private static final int MAX_PROFILES = 32;
  private static final int MAX_TOKEN = 256;
  private static final Set<Reason> ANY = Set.of(Reason.values());
  private static final Pattern USER = Pattern.compile("^(\\s*[A-Za-z]+://)[^/?#]*@");

  private final URI deviceService;
  private final Optional<Credentials> credentials;
  private final Clock clock;

  private Camera(URI deviceService, Optional<Credentials> credentials, Clock clock) {
    this.deviceService = deviceService;
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * The camera at this address, which is not asked yet.
   *
   * @param deviceService such as {@code http://192.0.2.7/onvif/device_service}; without a path, the
   *     usual one is taken
   * @throws IllegalArgumentException not such an address; the message says what was expected
   */
  public static Camera at(URI deviceService, Optional<Credentials> credentials, Clock clock) {
    String scheme = String.valueOf(deviceService.getScheme()).toLowerCase(Locale.ROOT);
    if (!List.of("http", "https").contains(scheme)
        || deviceService.getHost() == null
        || deviceService.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "expected an address such as http://camera/onvif/device_service, user and password apart");
    }
    if (deviceService.getPort() == 0 || deviceService.getPort() > 65535) {
      throw new IllegalArgumentException("expected a port, 1 to 65535");
    }
    boolean hasPath = deviceService.getRawPath().length() > 1;
    return new Camera(
        hasPath ? deviceService : deviceService.resolve(USUAL_PATH), credentials, clock);
  }

  /**
   * Asks for everything, in at most 30 s.
   *
   * @throws CameraException it gives no stream; the message says why in plain words
   * @throws InterruptedException the calling thread was interrupted
   */
  public CameraDescription describe() throws CameraException, InterruptedException {
    Conversation conversation = new Conversation(credentials, clock);
    Duration clockAhead = clockAhead(conversation);
    conversation.setClockAhead(clockAhead);

    List<StreamProfile> streams = streams(conversation, mediaServices(conversation));
    // Last, since a user who may see streams need not be one who may see this.
    Optional<Xml> device =
        unless(
            ANY,
            conversation,
            new Place(deviceService, Service.DEVICE),
            "GetDeviceInformation",
            "");

    return new CameraDescription(
        said(device, "Manufacturer"),
        said(device, "Model"),
        said(device, "FirmwareVersion"),
        said(device, "SerialNumber"),
        clockAhead,
        streams);
  }

  private static String said(Optional<Xml> device, String what) {
    return device.flatMap(xml -> xml.text(what)).map(Xml::plain).orElse("");
  }

  private Duration clockAhead(Conversation conversation)
      throws CameraException, InterruptedException {
    try {
      return conversation
          .ask(deviceService, Service.DEVICE, "GetSystemDateAndTime", "", Proof.LEFT_OUT)
          .first("UTCDateTime")
          .flatMap(this::ahead)
          .orElse(Duration.ZERO);
    } catch (CameraException e) {
      boolean isWorthMore =
          e.reason() == Reason.REFUSED
              || (e.reason() == Reason.CREDENTIALS_REFUSED && !conversation.isByDigest());
      if (!isWorthMore) {
        throw e;
      }
      return Duration.ZERO; // it keeps its time to itself: then perhaps it is right
    }
  }

  private Optional<Duration> ahead(Xml utc) {
    try {
      LocalDateTime time =
          LocalDateTime.of(
              utc.number("Date", "Year"),
              utc.number("Date", "Month"),
              utc.number("Date", "Day"),
              utc.number("Time", "Hour"),
              utc.number("Time", "Minute"),
              utc.number("Time", "Second"));
      Duration ahead = Duration.between(clock.instant(), time.toInstant(ZoneOffset.UTC));
      return Optional.of(Duration.ofSeconds(ahead.toSeconds()));
    } catch (DateTimeException e) {
      return Optional.empty(); // a clock that was never set
    }
  }

  /** Where a service of the camera is. */
  private record Place(URI address, Service service) {}

  /** The services that can tell streams, the one to ask first at the front. */
  private List<Place> mediaServices(Conversation conversation)
      throws CameraException, InterruptedException {
    List<Place> found = new ArrayList<>();
    try {
      Xml services =
          conversation.ask(
              deviceService,
              Service.DEVICE,
              "GetServices",
              "<x:IncludeCapability>false</x:IncludeCapability>",
              Proof.GIVEN);
      for (Service version : List.of(Service.MEDIA, Service.MEDIA2)) {
        services.all("Service").stream()
            .filter(
                service -> service.text("Namespace").filter(version.namespace::equals).isPresent())
            .flatMap(service -> service.text("XAddr").flatMap(this::onThisHost).stream())
            .findFirst()
            .ifPresent(address -> found.add(new Place(address, version)));
      }
    } catch (CameraException e) {
      if (e.reason() != Reason.REFUSED) {
        throw e;
      }
      // GetServices came with version 2 of the specification; GetCapabilities is what was before.
    }
    if (found.isEmpty()) {
      conversation
          .ask(
              deviceService,
              Service.DEVICE,
              "GetCapabilities",
              "<x:Category>All</x:Category>",
              Proof.GIVEN)
          .text("Capabilities", "Media", "XAddr")
          .flatMap(this::onThisHost)
          .ifPresent(address -> found.add(new Place(address, Service.MEDIA)));
    }
    if (found.isEmpty()) {
      throw new CameraException(
          Reason.NO_STREAM, "the device has no media service: it is no camera, or streams are off");
    }
    return found;
  }

  private List<StreamProfile> streams(Conversation conversation, List<Place> services)
      throws CameraException, InterruptedException {
    Optional<CameraException> refusal = Optional.empty();
    for (Place media : services) {
      try {
        List<StreamProfile> streams = streams(conversation, media);
        if (!streams.isEmpty()) {
          return streams;
        }
      } catch (CameraException e) {
        if (e.reason() != Reason.REFUSED) {
          throw e;
        }
        refusal = Optional.of(e); // the other version may know more
      }
    }
    throw refusal.orElseGet(
        () -> new CameraException(Reason.NO_STREAM, "the camera has no profile with a stream"));
  }

  private List<StreamProfile> streams(Conversation conversation, Place media)
      throws CameraException, InterruptedException {
    boolean isMedia2 = media.service() == Service.MEDIA2;
    Xml answer =
        conversation.ask(
            media.address(),
            media.service(),
            "GetProfiles",
            isMedia2 ? "<x:Type>VideoEncoder</x:Type>" : "",
            Proof.GIVEN);
    List<StreamProfile> streams = new ArrayList<>();
    boolean hasSnapshots = true;
    for (Xml profile : answer.all("Profiles").stream().limit(MAX_PROFILES).toList()) {
      String token = profile.attribute("token");
      if (token.length() > MAX_TOKEN) {
        continue; // the schema allows 64
      }
      Optional<URI> stream = streamUri(conversation, media, token);
      if (stream.isPresent()) {
        Optional<URI> snapshot =
            hasSnapshots ? snapshotUri(conversation, media, token) : Optional.empty();
        hasSnapshots = snapshot.isPresent(); // who has none for one has none for the next
        streams.add(profile(profile, token, stream.get(), snapshot));
      }
    }
    return streams;
  }

  private StreamProfile profile(Xml profile, String token, URI stream, Optional<URI> snapshot) {
    Optional<Xml> video =
        profile.first("VideoEncoderConfiguration").or(() -> profile.first("VideoEncoder"));
    return new StreamProfile(
        Xml.plain(profile.text("Name").orElse(token)),
        token,
        video.flatMap(xml -> xml.text("Encoding")).map(Xml::plain).orElse(""),
        video.map(xml -> xml.number("Resolution", "Width")).orElse(0),
        video.map(xml -> xml.number("Resolution", "Height")).orElse(0),
        video.map(xml -> xml.number("RateControl", "FrameRateLimit")).orElse(0),
        video.map(xml -> xml.number("RateControl", "BitrateLimit")).orElse(0),
        stream,
        !stream.getHost().equalsIgnoreCase(deviceService.getHost()),
        snapshot);
  }

  private Optional<URI> streamUri(Conversation conversation, Place media, String token)
      throws CameraException, InterruptedException {
    String profile = profileToken(token);
    String arguments =
        media.service() == Service.MEDIA2
            ? "<x:Protocol>RTSP</x:Protocol>" + profile
            : "<x:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport>"
                + "<tt:Protocol>RTSP</tt:Protocol></tt:Transport></x:StreamSetup>"
                + profile;
    return unless(
            Set.of(Reason.REFUSED, Reason.NOT_ONVIF),
            conversation,
            media,
            "GetStreamUri",
            arguments)
        .flatMap(answer -> answer.text("Uri"))
        .flatMap(Camera::lenient)
        .filter(uri -> List.of("rtsp", "rtsps").contains(uri.getScheme().toLowerCase(Locale.ROOT)));
  }

  private Optional<URI> snapshotUri(Conversation conversation, Place media, String token)
      throws CameraException, InterruptedException {
    return unless(ANY, conversation, media, "GetSnapshotUri", profileToken(token))
        .flatMap(answer -> answer.text("Uri"))
        .flatMap(this::onThisHost);
  }

  private static String profileToken(String token) {
    return "<x:ProfileToken>" + Xml.escaped(token) + "</x:ProfileToken>";
  }

  /** Empty if it fails for one of these reasons, which then do not end the conversation. */
  private static Optional<Xml> unless(
      Set<Reason> reasons,
      Conversation conversation,
      Place place,
      String operation,
      String arguments)
      throws CameraException, InterruptedException {
    try {
      return Optional.of(
          conversation.ask(place.address(), place.service(), operation, arguments, Proof.GIVEN));
    } catch (CameraException e) {
      if (!reasons.contains(e.reason())) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * A web address that the camera told, on the host and with the scheme that the operator named;
   * only the port may be another one.
   */
  private Optional<URI> onThisHost(String told) {
    return lenient(told)
        .filter(uri -> uri.getScheme().toLowerCase(Locale.ROOT).startsWith("http"))
        .flatMap(
            uri -> {
              boolean isHere =
                  uri.getHost().equalsIgnoreCase(deviceService.getHost())
                      && uri.getScheme().equalsIgnoreCase(deviceService.getScheme());
              String authority = isHere ? uri.getRawAuthority() : deviceService.getRawAuthority();
              String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
              return lenient(
                  deviceService.getScheme() + "://" + authority + uri.getRawPath() + query);
            });
  }

  /**
   * An address as cameras write it, with spaces and braces in its query; without user and password.
   */
  private static Optional<URI> lenient(String told) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    for (byte octet : USER.matcher(told).replaceFirst("$1").getBytes(StandardCharsets.UTF_8)) {
      boolean isIllegal = octet <= ' ' || octet == 0x7f || "\"<>\\^`{|}".indexOf(octet) >= 0;
      escaped.writeBytes(
          isIllegal
              ? "%%%02X".formatted(octet).getBytes(StandardCharsets.US_ASCII)
              : new byte[] {octet});
    }
    try {
      URI uri = new URI(escaped.toString(StandardCharsets.US_ASCII));
      // An @ in the path: a password with a slash, which would be shown as host and path.
      boolean isClear =
          uri.getScheme() != null
              && uri.getHost() != null
              && uri.getPort() <= 65535
              && !uri.getRawPath().contains("@");
      return isClear ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty(); // as good as no address
    }
  }
}
