package dev.zoetrope.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.TestWorkshop;
import dev.zoetrope.channel.Channels;
import dev.zoetrope.channel.Node;
import dev.zoetrope.channel.SourceSettings;
import dev.zoetrope.media.Source;
import dev.zoetrope.media.SourceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any sequence of edits and imports, killed at any moment, leaves a home that can be loaded, and is
 * that before or after the last one. The seed is in every message; {@code -Dseed} repeats it.
 */
class DurabilityTest {
  private static final int ROUNDS = 12;
  private static final int MOST_STEPS = 60; // of a round
  private static final long MOST_LATER_NANOS = 8_000_000;
  private static final List<String> IDS = List.of("a", "b", "c", "d");
  private static final Precondition NONE =
      new Precondition(Optional.empty(), Optional.empty(), false);

  /** What a source is, as far as these edits go. */
  private record Known(String title, String key) {}

  /** One step, which a seed and its number make. */
  private record Step(int number, Random random) {
    static Step of(long seed, int number) {
      return new Step(number, new Random(seed * 1_000_003 + number));
    }

    private String id() {
      return IDS.get(random.nextInt(IDS.size()));
    }

    /** What is there after it. */
    Map<String, Known> after(Map<String, Known> before) {
      Map<String, Known> after = new TreeMap<>(before);
      int what = random.nextInt(8);
      String id = id();
      Known whole = new Known("title " + number, "key-" + number);
      if (what < 4) {
        after.put(id, whole);
      } else if (what < 5) {
        after.computeIfPresent(id, (same, old) -> new Known("other " + number, old.key()));
      } else if (what < 7) {
        after.remove(id);
      } else {
        IDS.subList(0, 3).forEach(each -> after.put(each, whole));
        after.remove("d");
      }
      return after;
    }

    /** Does it, with the same chance. */
    void take(SourceKeeper keeper) throws EditRefusedException, IOException {
      int what = random.nextInt(8);
      SourceId id = new SourceId(id());
      boolean isThere = keeper.ids().contains(id);
      String title = "title " + number;
      String key = "key-" + number;
      if (what < 4) {
        Map<String, Object> wanted =
            Map.of("kind", "pictures", "title", title, "key", Map.of("value", key));
        var unused = keeper.editor().edit(id, NONE, shown -> wanted);
      } else if (what < 5 && isThere) {
        var unused =
            keeper
                .editor()
                .edit(
                    id,
                    NONE,
                    shown -> {
                      Map<String, Object> wanted = new LinkedHashMap<>(shown);
                      wanted.put("title", "other " + number);
                      return wanted;
                    });
      } else if (what >= 5 && what < 7 && isThere) {
        keeper.editor().delete(id, NONE);
      } else if (what == 7) {
        HomeCopy copy = keeper.transfer().copy();
        String text = "# imported\nkind: pictures\ntitle: " + title + "\nkey: imported\n";
        Map<String, String> sources = new HashMap<>();
        IDS.subList(0, 3).forEach(each -> sources.put(each, text));
        String secrets =
            copy.secrets().orElseThrow().replaceAll("(?m)^imported: .*\n", "")
                + "imported: \""
                + key
                + "\"\n";
        var unused =
            keeper
                .transfer()
                .apply(
                    new HomeCopy(
                        Optional.of(sources),
                        Optional.of("# of step " + number + "\n"),
                        Optional.of(secrets),
                        Optional.empty()));
      }
    }
  }

  @TempDir private Path folder;

  private Map<String, Known> found(Home home, String when) {
    Configuration configuration = Configuration.read(home, Map.of(), Map.of(), 4L << 30);
    assertThat(configuration.mistakes()).as(when).isEmpty();
    Map<String, Known> found = new TreeMap<>();
    for (SourceSettings source : configuration.sources()) {
      String key = ((Source.Pictures) source.source()).key().reveal();
      found.put(source.id().value(), new Known(source.title(), key));
    }
    return found;
  }

  @Test
  void anySequenceOfEditsAndKillsLeavesAWholeState() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Home home = new Home(folder.toRealPath());
    Files.createDirectories(home.sources()); // so that there is no demo
    assertThat(home.prepare()).isFalse();
    Map<String, Known> known = new TreeMap<>();
    int next = 0;
    int interrupted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int steps = random.nextInt(MOST_STEPS);
      long later = (long) (random.nextDouble() * MOST_LATER_NANOS);
      Process child = child(home, seed, next);
      int begun;
      int done;
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
        Progress progress = new Progress(next);
        while (progress.done < next + steps && progress.read(lines)) {
          // until it has come so far
        }
        LockSupport.parkNanos(later); // at any moment
        // Process.destroyForcibly() would close the pipe and lose the last lines.
        assertThat(child.toHandle().destroyForcibly()).isTrue();
        while (progress.read(lines)) {
          // what it said before it was killed
        }
        begun = progress.begun;
        done = progress.done;
      }
      int unused = child.waitFor();
      String when = "seed " + seed + ", round " + round + ", steps " + done + " of " + begun;
      assertThat(done).as(when).isGreaterThanOrEqualTo(next + steps);
      for (; next < done; next++) {
        known = Step.of(seed, next).after(known);
      }

      assertThat(home.prepare()).as(when).isFalse(); // as the next process does

      Map<String, Known> found = found(home, when);
      if (begun > done) {
        assertThat(found).as(when).isIn(known, Step.of(seed, next).after(known));
        next = begun;
        interrupted++;
      } else {
        assertThat(found).as(when).isEqualTo(known);
      }
      known = found;
    }
    assertThat(interrupted).as("kills within a step, seed %s", seed).isPositive();
  }

  /** How far it says it has come. */
  private static final class Progress {
    private int begun;
    private int done;

    Progress(int from) {
      begun = from;
      done = from;
    }

    boolean read(BufferedReader lines) throws IOException {
      String line = lines.readLine();
      if (line == null) {
        return false;
      }
      if (line.startsWith("begin ")) {
        begun = Integer.parseInt(line.substring(6)) + 1;
      } else if (line.startsWith("done ")) {
        done = Integer.parseInt(line.substring(5)) + 1;
      } else {
        throw new AssertionError("the child says: " + line);
      }
      return true;
    }
  }

  private static Process child(Home home, long seed, int from) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.config.file=/dev/null",
            "-cp",
            System.getProperty("java.class.path"),
            Editing.class.getName(),
            home.folder().toString(),
            Long.toString(seed),
            Integer.toString(from))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Takes one step after the other until it is killed. */
  static final class Editing {
    private Editing() {}

    public static void main(String[] arguments) throws Exception {
      Home home = new Home(Path.of(arguments[0]));
      long seed = Long.parseLong(arguments[1]);
      Configuration configuration = Configuration.read(home, Map.of(), Map.of(), 4L << 30);
      ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
      Ffmpeg ffmpeg = new Ffmpeg(Ffmpeg.find(System.getenv("PATH")).orElseThrow());
      Node node =
          new Node(
              TestWorkshop.of(ffmpeg, () -> System.currentTimeMillis() * 1000),
              List.of(timer),
              timer,
              configuration.server().limits(),
              (source, incident, why) -> {},
              Optional.empty());
      Channels channels = new Channels(configuration.sources(), node);
      SourceKeeper keeper = new SourceKeeper(home, configuration, channels);
      for (int number = Integer.parseInt(arguments[2]); ; number++) {
        say("begin " + number);
        Step.of(seed, number).take(keeper);
        say("done " + number);
        keeper.look();
      }
    }

    private static void say(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
