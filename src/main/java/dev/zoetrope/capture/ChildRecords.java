package dev.zoetrope.capture;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Which processes a server has started, in a folder with a file for each, so that the next server
 * ends those that a crash left behind. Thread-safe.
 *
 * <p>A process is ended only if its id, the moment it began and its program are those on record,
 * and the server that started it is gone: ids are used again, and two servers may share a folder.
 */
final class ChildRecords {
  private static final Logger LOG = System.getLogger(ChildRecords.class.getName());

  private static final Pattern PID = Pattern.compile("[0-9]{1,18}");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int START_TIME = 22; // the field's number in proc(5), from 1
  private static final int AFTER_NAME = 3; // the number of the first field behind the name
  private static final long END_SECONDS = 2;

  private final Path folder;
  private final ProcessHandle server = ProcessHandle.current();

  /**
   * @param folder made if it is not there
   */
  ChildRecords(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Puts a process on record, until {@link #remove}. */
  void add(ProcessHandle child, Path program) throws IOException {
    List<String> lines =
        List.of(
            birth(child), program.toString(), Long.toString(server.pid()), birth(server), "whole");
    Files.write(file(child.pid()), lines, StandardCharsets.UTF_8);
  }

  /** The process has ended. */
  void remove(ProcessHandle child) {
    delete(file(child.pid()));
  }

  private Path file(long pid) {
    return folder.resolve(Long.toString(pid));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "record {0} cannot be deleted: {1}", file, e.getMessage());
    }
  }

  /** Ends what servers that are gone have left running; tells how many processes that were. */
  int reap() throws IOException {
    int reaped = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (PID.matcher(name).matches() && reap(file, Long.parseLong(name))) {
          reaped++;
        }
      }
    }
    return reaped;
  }

  private static boolean reap(Path file, long pid) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() < 5 || !PID.matcher(lines.get(2)).matches()) { // the power failed in between
      delete(file);
      return false;
    }
    if (find(Long.parseLong(lines.get(2)), lines.get(3)).isPresent()) {
      return false; // its server lives
    }
    Path program = Path.of(lines.get(1));
    Optional<ProcessHandle> left =
        find(pid, lines.get(0)).filter(process -> isRunning(process, program));
    left.ifPresent(process -> end(process, program));
    delete(file);
    return left.isPresent();
  }

  private static void end(ProcessHandle process, Path program) {
    process.destroyForcibly();
    LOG.log(
        Level.WARNING,
        "killed process {0}, {1}: an earlier server had left it running",
        Long.toString(process.pid()),
        program.getFileName());
    try {
      process.onExit().get(END_SECONDS, TimeUnit.SECONDS); // a device has to be free again
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "process {0} does not end", Long.toString(process.pid()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<ProcessHandle> find(long pid, String birth) {
    return ProcessHandle.of(pid)
        .filter(process -> process.isAlive() && birth(process).equals(birth));
  }

  /** Whether a process is one of {@code program}, or its interpreter where that is a script. */
  private static boolean isRunning(ProcessHandle process, Path program) {
    ProcessHandle.Info info = process.info();
    boolean isProgram =
        info.command().map(command -> name(Path.of(command))).stream()
            .anyMatch(name -> name.equals(name(program)) || name.equals(name(real(program))));
    String[] arguments = info.arguments().orElse(new String[0]);
    return isProgram || (arguments.length > 0 && arguments[0].equals(program.toString()));
  }

  private static Path real(Path program) {
    try {
      return program.toRealPath();
    } catch (IOException e) {
      return program; // removed since: its name has to do
    }
  }

  private static String name(Path path) {
    String name = String.valueOf(path.getFileName());
    int deleted = name.lastIndexOf(" (deleted)"); // as the kernel says after an upgrade
    return deleted < 0 ? name : name.substring(0, deleted);
  }

  /**
   * The moment a process began, as a text to be compared. On Linux in clock ticks of this boot: the
   * time of day may have been set since, as happens to a machine without a battery at each start.
   */
  static String birth(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[START_TIME - AFTER_NAME] + " " + Files.readString(BOOT_ID).strip();
    } catch (IOException e) { // another system, or it has just ended
      return process
          .info()
          .startInstant()
          .map(start -> String.format(Locale.ROOT, "%d ms", start.toEpochMilli()))
          .orElse("unknown");
    }
  }
}
