package dev.zoetrope.publish;

import dev.zoetrope.media.MalformedMediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;

/**
 * The server's side of the handshake. A client that offers a digest (Flash Player, ffmpeg) is
 * answered without one, by the version of 0 in S1, which all encoders take. C2 is not compared:
 * some fill it otherwise.
 *
 * @see "Adobe RTMP 1.0, 5.2"
 */
final class Handshake {
  private static final int VERSION = 3;
  private static final int ENCRYPTED_VERSION = 6;
  private static final int SIZE = 1536;

  /** Of S1 and C1: time and zero. */
  private static final int FIXED_BYTES = 8;

  /** A TLS record of a client hello begins with it. */
  private static final int TLS_HANDSHAKE = 0x16;

  private Handshake() {}

  /**
   * Shakes hands.
   *
   * @throws MalformedMediaException the other side does not speak RTMP
   */
  static void accept(TimedInput in, OutputStream out, Random random) throws IOException {
    int version = in.u8(); // C0
    if (version != VERSION) {
      throw new MalformedMediaException(
          switch (version) {
            case TLS_HANDSHAKE -> "expected RTMP, found TLS: publish to rtmp://, not rtmps://";
            case ENCRYPTED_VERSION -> "expected RTMP, found RTMPE: publish to rtmp://";
            default -> "expected RTMP version " + VERSION + ", found " + version;
          });
    }
    byte[] first = new byte[SIZE];
    in.read(first, 0, SIZE); // C1
    byte[] ours = new byte[SIZE];
    random.nextBytes(ours);
    for (int i = 0; i < FIXED_BYTES; i++) {
      ours[i] = 0;
    }
    byte[] answer = new byte[1 + SIZE + SIZE];
    answer[0] = VERSION; // S0
    System.arraycopy(ours, 0, answer, 1, SIZE); // S1
    System.arraycopy(first, 0, answer, 1 + SIZE, SIZE); // S2: the echo of C1
    out.write(answer);
    out.flush();
    in.read(first, 0, SIZE); // C2
  }
}
