package dev.zoetrope.server;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports for servers of the tests. Stateless. */
public final class FreePort {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000; // Linux takes any port from 32768 on

  private FreePort() {}

  /**
   * A port of this machine that is free for TCP and UDP, and stays so: not one of those from which
   * the system takes when somebody asks for any.
   */
  public static int find() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.bind(address);
        udp.bind(address);
        return port;
      } catch (IOException taken) {
        // There are thousands.
      }
    }
  }
}
