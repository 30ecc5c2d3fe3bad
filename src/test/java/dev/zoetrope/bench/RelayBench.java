package dev.zoetrope.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zoetrope.TestServer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a hop from node to node costs: how much later a picture is there, how soon the first one is
 * at an edge that nobody watched before, and the processor's time at the origin for each follower,
 * compared with that for a viewer of the same pictures. JPEGs of 28 KB at 25 frames a second,
 * through a chain of three servers on this machine; the first picture of a film in H.264.
 */
public final class RelayBench {
  private static final int FPS = 25;
  private static final int CLIENTS = 50;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int WARM_UPS = 4;
  private static final int ROUNDS = 3;
  private static final int FIRST_PICTURES = 10;
  private static final Duration AWAIT = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern MADE_KEY = Pattern.compile("\"key\":\"([^\"]+)\"");
  private static final List<String> JVM = TestServer.asOperatorsHaveIt("-Dzoetrope.rtmpPort=0");

  private RelayBench() {}

  public static void main(String... arguments) throws Exception {
    Path folder = Files.createTempDirectory("relay-bench");
    Process clips = new ProcessBuilder("src/test/clips/fanout", folder + "/clips").start();
    if (clips.waitFor() != 0) {
      throw new IOException("the pictures could not be made");
    }
    Path home = home(folder, "ingress");
    Folders.copy(folder.resolve("clips/pictures"), home.resolve("media/pictures"));
    Files.writeString(
        home.resolve("sources/gate.yaml"),
        "kind: folder\npath: pictures\nmode: loop\nfps: " + FPS + "\nkeepRunning: true\n");
    Files.copy(folder.resolve("clips/video.mp4"), home.resolve("media/film.mp4"));
    Files.writeString(
        home.resolve("sources/film.yaml"),
        "kind: file\npath: film.mp4\nkeepRunning: true\nlinger: 0s\n");
    try (TestServer ingress = TestServer.at(home, JVM)) {
      String key = key(ingress);
      cold(folder, ingress, key);
      answer(ingress, "POST", "sources/film/stop", "");
      try (TestServer middle = follower(folder, "middle", ingress, key, "gate");
          TestServer edge = follower(folder, "edge", middle, key(middle), "gate")) {
        latency(List.of(ingress, middle, edge));
        hops(middle, edge);
      }
      origin(ingress, key);
    } finally {
      TestServer.remove(folder);
    }
    System.out.printf(
        Locale.ROOT,
        "%nLinux %s, %d cores, Java %s%n",
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
  }

  // The servers.

  private static Path home(Path folder, String name) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("sources"));
    Files.createDirectories(home.resolve("media"));
    return home;
  }

  private static TestServer follower(
      Path folder, String name, TestServer origin, String key, String source) throws IOException {
    Path home = home(folder, name);
    Path secrets = Files.writeString(home.resolve("secrets.yaml"), "k: \"" + key + "\"\n");
    Files.setPosixFilePermissions(
        secrets, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        home.resolve("sources/" + source + ".yaml"),
        "kind: relay\norigin: http://"
            + origin.uri().getAuthority()
            + "\nkey: k\nlinger: "
            + (source.equals("film") ? "0s" : "10s")
            + "\n");
    return TestServer.at(home, JVM);
  }

  /** A node key of that server. */
  private static String key(TestServer at) throws IOException, InterruptedException {
    String answer = answer(at, "POST", "nodes/keys", "{\"title\":\"bench\"}");
    Matcher made = MADE_KEY.matcher(answer);
    if (!made.find()) {
      throw new IOException("no key made: " + answer);
    }
    return made.group(1);
  }

  /** What its API says. */
  private static String answer(TestServer at, String method, String path, String body)
      throws IOException, InterruptedException {
    String secrets = Files.readString(at.home().resolve("secrets.yaml"));
    Matcher token = Pattern.compile("admin-token: *\"(.*)\"").matcher(secrets);
    if (!token.find()) {
      throw new IOException("no admin-token in " + at.home());
    }
    HttpRequest request =
        HttpRequest.newBuilder(at.uri("api/v1/" + path))
            .header("Authorization", "Bearer " + token.group(1))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void await(TestServer at, String path, String words) throws Exception {
    long limit = System.nanoTime() + AWAIT.toNanos();
    while (!answer(at, "GET", path, "").contains(words)) {
      if (System.nanoTime() > limit) {
        throw new IOException(words + " is not in what " + path + " of " + at.uri() + " says");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  // The clients: a thread each.

  /** One that reads until it is closed. */
  private interface Client {
    void read(DataInputStream in, Socket socket) throws IOException;
  }

  private static final class Connected implements AutoCloseable {
    private final Socket socket;

    Connected(URI server, Client client) throws IOException {
      socket = new Socket(server.getHost(), server.getPort());
      socket.setTcpNoDelay(true);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      Thread thread =
          new Thread(
              () -> {
                try {
                  client.read(in, socket);
                } catch (IOException e) {
                  if (!socket.isClosed()) {
                    System.err.println("a client: " + e.getMessage());
                  }
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void head(DataInputStream in) throws IOException {
    while (!line(in).isEmpty()) {
      Thread.onSpinWait(); // nothing of it is wanted
    }
  }

  /** A viewer by MJPEG that tells when each picture was whole. */
  private static Client viewer(Map<Integer, Long> arrivals, AtomicLong bytes) {
    return (in, socket) -> {
      ask(socket, "gate.mjpeg");
      head(in);
      while (true) {
        byte[] picture = picture(in);
        arrivals.put(Arrays.hashCode(picture), System.nanoTime());
        bytes.addAndGet(picture.length);
      }
    };
  }

  /** The next one of a multipart body. */
  private static byte[] picture(DataInputStream in) throws IOException {
    int size = 0;
    for (String line = line(in); !line.isEmpty() || size == 0; line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        size = Integer.parseInt(line.substring(15).strip());
      }
    }
    byte[] picture = new byte[size];
    in.readFully(picture);
    return picture;
  }

  /** A follower that wants the same, and acknowledges nothing. */
  private static Client follower(String key, AtomicLong bytes, int number) {
    return (in, socket) -> {
      socket
          .getOutputStream()
          .write(
              ("GET /relay/v1?version=1&node=bench-"
                      + number
                      + "&name=bench HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\n"
                      + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "
                      + key
                      + "\r\n\r\n")
                  .getBytes(ISO_8859_1));
      head(in);
      String wish = "{\"type\":\"subscribe\",\"n\":1,\"source\":\"gate\",\"rendition\":\"mjpeg\"}";
      byte[] text = wish.getBytes(UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(6 + text.length);
      frame.put((byte) 0x81).put((byte) (0x80 | text.length)).putInt(0).put(text); // mask 0
      socket.getOutputStream().write(frame.array());
      while (true) {
        in.readUnsignedByte();
        int size = in.readUnsignedByte();
        size = size == 126 ? in.readUnsignedShort() : size == 127 ? (int) in.readLong() : size;
        byte[] payload = new byte[size];
        in.readFully(payload);
        bytes.addAndGet(size);
      }
    };
  }

  // The first picture of an edge that nobody watched before.

  /** A format, and how its first picture is read to its end. */
  private enum First {
    MJPEG("film.mjpeg") {
      @Override
      long read(DataInputStream in) throws IOException {
        picture(in);
        return System.nanoTime();
      }
    },
    FMP4("film.mp4") {
      @Override
      long read(DataInputStream in) throws IOException {
        while (true) {
          int size = in.readInt();
          int type = in.readInt();
          in.skipNBytes(size - 8L);
          if (type == MDAT) {
            return System.nanoTime();
          }
        }
      }
    },
    MPEG1("film.ts") {
      @Override
      long read(DataInputStream in) throws IOException {
        byte[] packet = new byte[188];
        int pid = -1; // of the picture
        long newest = 0;
        while (true) {
          in.readFully(packet);
          int ownPid = ((packet[1] & 0x1F) << 8) | (packet[2] & 0xFF);
          if (beginsPicture(packet)) {
            if (pid == ownPid) { // the next one: the first is whole
              return newest;
            }
            pid = ownPid;
          }
          newest = ownPid == pid ? System.nanoTime() : newest;
        }
      }
    };

    private static final int MDAT = 0x6D646174;

    final String path;

    First(String path) {
      this.path = path;
    }

    /** Reads it; when that was done, by {@link System#nanoTime}. */
    abstract long read(DataInputStream in) throws IOException;
  }

  /** Whether a PES packet of video begins in it (ISO/IEC 13818-1, 2.4.3). */
  private static boolean beginsPicture(byte[] packet) {
    boolean begins = (packet[1] & 0x40) != 0; // payload_unit_start_indicator
    boolean hasAdaptation = (packet[3] & 0x20) != 0;
    int at = 4 + (hasAdaptation ? 1 + (packet[4] & 0xFF) : 0);
    return begins
        && at + 4 <= packet.length
        && packet[at] == 0
        && packet[at + 1] == 0
        && packet[at + 2] == 1
        && (packet[at + 3] & 0xF0) == 0xE0; // stream_id of a picture
  }

  private static void cold(Path folder, TestServer ingress, String key) throws Exception {
    System.out.printf(
        "%-44s %6s %10s %8s%n",
        "first picture of an edge without viewers", "n", "median ms", "max");
    for (First format : First.values()) {
      try (TestServer edge = follower(folder, "cold-" + format, ingress, key, "film")) {
        await(edge, "nodes", "\"state\":\"connected\"");
        tell(format + ", not running at the ingress", firstPictures(edge, format));
        Connected watching = new Connected(ingress.uri(), watcher(format));
        TimeUnit.SECONDS.sleep(3); // until it runs
        tell(format + ", running at the ingress", firstPictures(edge, format));
        watching.close();
      }
    }
    System.out.println();
  }

  private static Client watcher(First format) {
    return (in, socket) -> {
      ask(socket, format.path);
      in.skipNBytes(Long.MAX_VALUE);
    };
  }

  private static List<Double> firstPictures(TestServer edge, First format) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round < FIRST_PICTURES; round++) {
      await(edge, "sources/film", "\"state\":\"idle\"");
      TimeUnit.SECONDS.sleep(1); // until the origin knows, too
      long begin = System.nanoTime();
      try (Socket socket = new Socket(edge.uri().getHost(), edge.uri().getPort())) {
        socket.setTcpNoDelay(true);
        ask(socket, format.path);
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        head(in);
        millis.add((format.read(in) - begin) / 1e6);
      }
    }
    return millis;
  }

  private static void ask(Socket socket, String path) throws IOException {
    String request = "GET /live/" + path + " HTTP/1.0\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  // What is measured.

  private static void latency(List<TestServer> chain) throws Exception {
    List<Map<Integer, Long>> arrivals = new ArrayList<>();
    List<Connected> viewers = new ArrayList<>();
    for (TestServer server : chain) {
      Map<Integer, Long> each = new ConcurrentHashMap<>();
      arrivals.add(each);
      viewers.add(new Connected(server.uri(), viewer(each, new AtomicLong())));
    }
    TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
    List<List<Double>> later = List.of(new ArrayList<>(), new ArrayList<>());
    Map<Integer, Long> told = new HashMap<>();
    long end = System.nanoTime() + WINDOW.toNanos();
    while (System.nanoTime() < end) { // pictures come again: look while they are fresh
      TimeUnit.MILLISECONDS.sleep(10);
      arrivals
          .get(2)
          .forEach(
              (picture, atEdge) -> {
                Long atMiddle = arrivals.get(1).get(picture);
                Long atIngress = arrivals.get(0).get(picture);
                boolean isWhole = atMiddle != null && atIngress != null && atIngress <= atEdge;
                if (isWhole && !atEdge.equals(told.put(picture, atEdge))) {
                  later.get(0).add((atMiddle - atIngress) / 1e6);
                  later.get(1).add((atEdge - atMiddle) / 1e6);
                }
              });
    }
    for (Connected viewer : viewers) {
      viewer.close();
    }
    System.out.printf(
        "%-44s %6s %10s %8s%n",
        "picture whole at the viewer, later by", "n", "median ms", "p95 ms");
    tell("ingress to middle", later.get(0));
    tell("middle to edge", later.get(1));
  }

  private static void tell(String what, List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    int n = sorted.size();
    System.out.printf(
        Locale.ROOT,
        "%-44s %6d %10.2f %8.2f%n",
        what,
        n,
        n == 0 ? Double.NaN : sorted.get(n / 2),
        n == 0 ? Double.NaN : sorted.get(n * 95 / 100));
  }

  /** What nodes use that only pass on, for each picture. */
  private static void hops(TestServer middle, TestServer edge) throws Exception {
    Connected watching =
        new Connected(edge.uri(), viewer(new ConcurrentHashMap<>(), new AtomicLong()));
    TimeUnit.SECONDS.sleep(3);
    double seconds = WINDOW.toSeconds();
    Duration atMiddle = cpu(middle);
    Duration atEdge = cpu(edge);
    TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
    System.out.printf(
        Locale.ROOT,
        "%nCPU of a node for each picture it passes on: %.0f us from node to node, %.0f us to one"
            + " viewer%n",
        cpu(middle).minus(atMiddle).toNanos() / 1e3 / FPS / seconds,
        cpu(edge).minus(atEdge).toNanos() / 1e3 / FPS / seconds);
    watching.close();
  }

  private static void origin(TestServer ingress, String key) throws Exception {
    List<Double> ofViewers = new ArrayList<>();
    List<Double> ofFollowers = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    AtomicLong bytes = new AtomicLong();
    for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
      double viewers = load(ingress, bytes, number -> viewer(new ConcurrentHashMap<>(), bytes));
      double followers = load(ingress, bytes, number -> follower(key, bytes, number));
      if (round >= WARM_UPS) { // before, compiling takes more than sending
        ofViewers.add(viewers);
        ofFollowers.add(followers);
        ratios.add(followers / viewers);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nCPU of the origin, %d clients, s/GB, medians of %d rounds: viewers (MJPEG) %.2f,"
            + " followers %.2f, ratio %.2f%n"
            + "so one core feeds %.0f followers with one such rendition (%.1f Mbit/s) each%n",
        CLIENTS,
        ROUNDS,
        median(ofViewers),
        median(ofFollowers),
        median(ratios),
        1 / median(ofFollowers) * 1e9 / rate,
        rate * 8 / 1e6);
  }

  private static double rate; // bytes a second of one client

  /** Makes the client of that number. */
  private interface Making {
    Client client(int number);
  }

  /** Seconds of CPU for each GB. */
  private static double load(TestServer server, AtomicLong bytes, Making making) throws Exception {
    List<Connected> clients = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      clients.add(new Connected(server.uri(), making.client(number)));
    }
    TimeUnit.SECONDS.sleep(4);
    long before = bytes.get();
    Duration used = cpu(server);
    TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
    double seconds = cpu(server).minus(used).toNanos() / 1e9;
    double sent = bytes.get() - before;
    rate = sent / CLIENTS / WINDOW.toSeconds();
    for (Connected client : clients) {
      client.close();
    }
    TimeUnit.SECONDS.sleep(1);
    return seconds / (sent / 1e9);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static Duration cpu(TestServer server) throws IOException {
    return ProcessUse.of(ProcessHandle.of(server.pid()).orElseThrow()).cpu();
  }
}
