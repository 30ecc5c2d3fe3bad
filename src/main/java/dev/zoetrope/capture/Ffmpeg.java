package dev.zoetrope.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ffmpeg program of this machine, and the place where the processes of the server come from:
 * none outlives it.
 *
 * <p>At its beginning it looks for what an earlier server left running, and tries the hardware
 * encoders in the background: until they are known, and where none works, H.264 is encoded in
 * software. Thread-safe.
 */
public final class Ffmpeg implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("^ffmpeg version (\\S{1,100})");
  private static final Duration QUESTION = Duration.ofSeconds(30); // a cold disk, a small machine

  /** Whether hardware encoders are looked for. */
  public enum Hardware {
    TRIED,
    /** H.264 is encoded in software. */
    OFF
  }

  private final Path program;
  private final Children children;
  private final String softwareEncoder;
  private final Optional<HardwareEncoders> hardware;
  private String version; // guarded by this; null before it was asked for
  private final DeniedHosts deniedHosts;

  /** The program found on {@code path}, a list of folders as in the environment's PATH. */
  public static Optional<Path> find(String path) {
    return Children.find(path, "ffmpeg");
  }

  /**
   * Without a record of its processes, and without hardware encoders.
   *
   * @see #Ffmpeg(Path, Optional, Hardware, DeniedHosts)
   */
  public Ffmpeg(Path program) throws IOException {
    this(program, Optional.empty(), Hardware.OFF);
  }

  /**
   * With the usual hosts denied.
   *
   * @see #Ffmpeg(Path, Optional, Hardware, DeniedHosts)
   */
  public Ffmpeg(Path program, Optional<Path> records, Hardware wanted) throws IOException {
    this(program, records, wanted, DeniedHosts.usual());
  }

  /**
   * @param program ffmpeg 5.1 or later
   * @param records folder in which running processes are put on record, made if it is not there
   * @param deniedHosts what it is never sent to, as a source's address
   * @throws IOException if it does not run, or has no H.264 encoder
   */
  public Ffmpeg(Path program, Optional<Path> records, Hardware wanted, DeniedHosts deniedHosts)
      throws IOException {
    this.program = program;
    this.deniedHosts = deniedHosts;
    children = new Children(System.getenv().getOrDefault("PATH", ""), records);
    try {
      String encoders = encodersBuiltIn();
      softwareEncoder = softwareEncoder(encoders);
      hardware =
          switch (wanted) {
            case OFF -> Optional.empty();
            case TRIED ->
                Optional.of(
                    new HardwareEncoders(
                        children, program, name -> encoders.contains(" " + name + " ")));
          };
    } catch (IOException e) {
      close();
      throw e;
    }
    hardware.ifPresent(HardwareEncoders::tryAll);
  }

  private String encodersBuiltIn() throws IOException {
    List<String> arguments = List.of("-nostdin", "-hide_banner", "-v", "error", "-encoders");
    return String.join("\n", children.ask(program, arguments, QUESTION).lines());
  }

  private String softwareEncoder(String encoders) throws IOException {
    for (String candidate : List.of("libx264", "libopenh264")) {
      if (encoders.contains(" " + candidate + " ")) {
        return candidate;
      }
    }
    throw new IOException(
        program + ": expected an ffmpeg with libx264 or libopenh264, found no H.264 encoder");
  }

  /** ffmpeg's name of the H.264 encoder to use now: the best hardware encoder, else software. */
  public String h264Encoder() {
    return hardware.flatMap(HardwareEncoders::best).orElse(softwareEncoder);
  }

  /** ffmpeg's name of the H.264 encoder in software: libx264, else libopenh264. */
  public String softwareH264Encoder() {
    return softwareEncoder;
  }

  /** What came of trying the hardware encoders, the best first; empty if they are off. */
  public List<EncoderTrial> encoders() {
    return hardware.map(tried -> List.copyOf(tried.trials())).orElse(List.of());
  }

  /**
   * An encoder failed. If it is a hardware encoder it is not used any more: whoever starts one next
   * gets another by {@link #h264Encoder}.
   *
   * @param why for people
   */
  public void hardwareFailed(String encoderName, String why) {
    hardware.ifPresent(tried -> tried.failed(encoderName, why));
  }

  /** What it is never sent to, as a source's address. */
  DeniedHosts deniedHosts() {
    return deniedHosts;
  }

  /** Where the program is. */
  public Path program() {
    return program;
  }

  /**
   * As it calls itself: {@code 7.1.1-1}. It is asked once.
   *
   * @throws IOException if it does not answer
   */
  public synchronized String version() throws IOException {
    if (version == null) {
      List<String> lines = children.ask(program, List.of("-version"), QUESTION).lines();
      Matcher words = VERSION.matcher(lines.isEmpty() ? "" : lines.get(0));
      version = words.find() ? words.group(1) : "unknown";
    }
    return version;
  }

  /**
   * Time of the processor that the processes of some sources have used that run now, in
   * nanoseconds, by the source's id; without those that have none, or of which the system does not
   * tell. It falls when a process ends.
   *
   * @param isWanted which sources; each process of theirs costs a look into the system
   */
  public Map<String, Long> cpuNanos(Predicate<String> isWanted) {
    return children.cpuNanos(isWanted);
  }

  /** Where its processes come from, and those of other programs. */
  Children children() {
    return children;
  }

  /** Starts it with {@code arguments}; its three pipes are the caller's. */
  Process start(List<String> arguments) throws IOException {
    return children.start(program, arguments, ProcessLimits.NONE);
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for the end of a thread that was told to end; less long if we are interrupted. */
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The server is about to stop: from now on processes have 2 s to end, rather than 5. */
  public void hurry() {
    children.hurry();
  }

  /** Ends its threads; where setpriv is there, the kernel then ends processes that still run. */
  @Override
  public void close() {
    children.close();
  }
}
