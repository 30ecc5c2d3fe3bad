package dev.zoetrope.onvif;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device on loopback that answers probes, from a port of its own. */
final class Responder implements AutoCloseable {
  private static final Pattern MESSAGE_ID = Pattern.compile("MessageID>([^<]+)<");

  private final DatagramSocket socket;
  private final Function<String, List<byte[]>> answers;
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::serve, "responder");

  /**
   * @param answers what to say to a probe with the message id given
   */
  Responder(Function<String, List<byte[]>> answers) throws IOException {
    this.answers = answers;
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    thread.start();
  }

  static Responder saying(Function<String, String> answer) throws IOException {
    return new Responder(id -> List.of(answer.apply(id).getBytes(StandardCharsets.UTF_8)));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** The probes that came, as text. */
  List<String> questions() {
    return questions;
  }

  private void serve() {
    byte[] bytes = new byte[64 * 1024];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        socket.receive(packet);
        String question = new String(bytes, 0, packet.getLength(), StandardCharsets.UTF_8);
        questions.add(question);
        Matcher id = MESSAGE_ID.matcher(question);
        if (id.find()) {
          for (byte[] answer : answers.apply(id.group(1))) {
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
          }
        }
      }
    } catch (SocketException e) {
      // Closed: the test is over.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
