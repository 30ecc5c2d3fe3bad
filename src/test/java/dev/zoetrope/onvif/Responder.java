package dev.zoetrope.onvif;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A device that answers probes. */
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
    this(new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), answers);
  }

  private Responder(DatagramSocket socket, Function<String, List<byte[]>> answers) {
    this.socket = socket;
    this.answers = answers;
    thread.start();
  }

  /** One where all cameras listen: who asks the networks of this machine, or 127.0.0.1. */
  static Responder onTheNetwork(Function<String, String> answer) throws IOException {
    MulticastSocket socket = new MulticastSocket(null);
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(Discovery.PORT));
    SocketAddress everybody = new InetSocketAddress("239.255.255.250", Discovery.PORT);
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (network.isUp() && network.supportsMulticast() && !network.isLoopback()) {
        socket.joinGroup(everybody, network);
      }
    }
    return new Responder(socket, id -> List.of(answer.apply(id).getBytes(StandardCharsets.UTF_8)));
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
