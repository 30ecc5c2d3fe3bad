package dev.zoetrope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network of the tests' own: hosts in network namespaces, each with a wire to one switch, which
 * the tests are connected with as well. Needs root and {@code ip}; ends with {@link #close}.
 */
final class Network {
  private static final String SUBNET = "10.77.0.";

  private final String name = "zt" + ProcessHandle.current().pid();
  private final String hub = name + "-hub";
  private final String wire = name + "w"; // to the tests; at most 15 characters
  private final List<Host> hosts = new ArrayList<>();

  Network() throws IOException, InterruptedException {
    run("ip netns add " + hub);
    run("ip -n " + hub + " link add switch type bridge");
    run("ip -n " + hub + " link set switch up");
    run("ip link add " + wire + " type veth peer name test netns " + hub);
    plug("test");
    run("ip address add " + SUBNET + "1/24 dev " + wire);
    run("ip link set " + wire + " up");
  }

  private void plug(String end) throws IOException, InterruptedException {
    run("ip -n " + hub + " link set " + end + " master switch");
    run("ip -n " + hub + " link set " + end + " up");
  }

  /** One more host. */
  Host host() throws IOException, InterruptedException {
    Host made = new Host(hosts.size() + 1);
    hosts.add(made);
    return made;
  }

  /** A host, with {@code lo} and {@code eth0}. */
  final class Host {
    private final String namespace;
    private final String end; // of its wire, at the switch
    private final String address;

    private Host(int number) throws IOException, InterruptedException {
      namespace = name + "-" + number;
      end = "port" + number;
      address = SUBNET + (10 + number);
      run("ip netns add " + namespace);
      run("ip -n " + namespace + " link add eth0 type veth peer name " + end + " netns " + hub);
      plug(end);
      run("ip -n " + namespace + " address add " + address + "/24 dev eth0");
      run("ip -n " + namespace + " link set lo up");
      run("ip -n " + namespace + " link set eth0 up");
    }

    String address() {
      return address;
    }

    /** What programs are started with, to be on this host. */
    List<String> command() {
      return List.of("ip", "netns", "exec", namespace);
    }

    /** Pulls the plug, or puts it in again. */
    void connect(boolean isConnected) throws IOException, InterruptedException {
      run("ip -n " + hub + " link set " + end + (isConnected ? " up" : " down"));
    }

    /** Bytes that have come over its wire so far. */
    long received() throws IOException, InterruptedException {
      String said =
          run("ip netns exec " + namespace + " cat /sys/class/net/eth0/statistics/rx_bytes");
      return Long.parseLong(said.strip());
    }
  }

  private static String run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }

  /** Ends it. */
  void close() throws IOException, InterruptedException {
    run("ip link delete " + wire);
    for (Host host : hosts) {
      run("ip netns delete " + host.namespace);
    }
    run("ip netns delete " + hub);
  }
}
