package dev.zoetrope.onvif;

import dev.zoetrope.onvif.StandInCamera.Door;
import java.io.IOException;
import java.time.Duration;

/**
 * A camera as a whole: it answers who looks for cameras on this machine's networks or at 127.0.0.1,
 * and tells its two streams to who knows its password.
 */
public final class NetworkCamera implements AutoCloseable {
  public static final String USER = StandInCamera.USER;
  public static final String PASSWORD = StandInCamera.PASSWORD;

  private final StandInCamera camera;
  private final Responder responder;

  /**
   * @param name as it is found by
   * @param streamUri of both streams
   */
  public NetworkCamera(String name, String streamUri) throws IOException {
    camera =
        new StandInCamera(Door.TOKEN, Duration.ZERO)
            .answering(
                "GetServices",
                service("http://www.onvif.org/ver10/device/wsdl", "BASEonvif/device_service")
                    + service("http://www.onvif.org/ver10/media/wsdl", "BASEonvif/Media"))
            .answering(
                "GetProfiles",
                profile("main", "mainStream", 1920, 1080) + profile("sub", "subStream", 320, 180))
            .answering(
                "GetStreamUri",
                "<trt:MediaUri><tt:Uri>"
                    + streamUri.replace("&", "&amp;")
                    + "</tt:Uri></trt:MediaUri>");
    responder = Responder.onTheNetwork(id -> found(id, name, camera.address().toString()));
  }

  private static String service(String namespace, String address) {
    return "<tds:Service><tds:Namespace>%s</tds:Namespace><tds:XAddr>%s</tds:XAddr></tds:Service>"
        .formatted(namespace, address);
  }

  private static String profile(String token, String name, int width, int height) {
    return """
        <trt:Profiles token="%s" fixed="true"><tt:Name>%s</tt:Name>
        <tt:VideoEncoderConfiguration token="encoder"><tt:Name>encoder</tt:Name>
        <tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>%d</tt:Width>
        <tt:Height>%d</tt:Height></tt:Resolution><tt:RateControl>
        <tt:FrameRateLimit>25</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>
        <tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration>
        </trt:Profiles>"""
        .formatted(token, name, width, height);
  }

  private static String found(String relatesTo, String name, String service) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"
            xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
            xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
            xmlns:dn="http://www.onvif.org/ver10/network/wsdl">
        <env:Header><a:MessageID>urn:uuid:answer</a:MessageID>
        <a:RelatesTo>%s</a:RelatesTo></env:Header>
        <env:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference>
        <a:Address>urn:uuid:network-camera</a:Address></a:EndpointReference>
        <d:Types>dn:NetworkVideoTransmitter</d:Types>
        <d:Scopes>onvif://www.onvif.org/name/%s</d:Scopes><d:XAddrs>%s</d:XAddrs>
        <d:MetadataVersion>1</d:MetadataVersion>
        </d:ProbeMatch></d:ProbeMatches></env:Body></env:Envelope>"""
        .formatted(relatesTo, name.replace(" ", "%20"), service);
  }

  /** Whether somebody has looked for cameras, and so for this one. */
  public boolean wasLookedFor() {
    return !responder.questions().isEmpty();
  }

  @Override
  public void close() {
    responder.close();
    camera.close();
  }
}
