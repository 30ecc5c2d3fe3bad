package dev.zoetrope.capture;

import dev.zoetrope.capture.EncoderTrial.Outcome;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Which hardware encoders of H.264 really work on this machine: each is given one picture to
 * encode, in the background. Thread-safe.
 */
final class HardwareEncoders {
  private static final Logger LOG = System.getLogger(HardwareEncoders.class.getName());

  /** ffmpeg's names, the best first. */
  static final List<String> NAMES = List.of("h264_nvenc", "h264_qsv", "h264_vaapi", "h264_v4l2m2m");

  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int AT_ONCE = 2;

  private final Children children;
  private final Path program;
  private final Map<String, EncoderTrial> trials = new ConcurrentHashMap<>();

  /**
   * @param isBuiltIn whether ffmpeg has an encoder of that name
   */
  HardwareEncoders(Children children, Path program, Predicate<String> isBuiltIn) {
    this.children = children;
    this.program = program;
    for (String name : NAMES) {
      set(name, isBuiltIn.test(name) ? Outcome.TRYING : Outcome.NOT_BUILT_IN, "");
    }
  }

  private void set(String name, Outcome outcome, String text) {
    trials.put(name, new EncoderTrial(name, outcome, text));
  }

  /** Begins to try them, on threads that end when that is done. */
  void tryAll() {
    Queue<String> due = new ConcurrentLinkedQueue<>(NAMES);
    due.removeIf(name -> trials.get(name).outcome() != Outcome.TRYING);
    for (int i = 0; i < AT_ONCE; i++) {
      Ffmpeg.daemon("hardware encoders " + i, () -> tryEach(due)).start();
    }
  }

  private void tryEach(Queue<String> due) {
    for (String name = due.poll(); name != null; name = due.poll()) {
      tryOne(name);
    }
  }

  private void tryOne(String name) {
    String why;
    try {
      Children.Answer answer = children.ask(program, H264Flags.trial(name), LIMIT);
      if (answer.exitCode() == 0) {
        set(name, Outcome.WORKS, "");
        LOG.log(Level.INFO, "hardware encoder {0} works", name);
        return;
      }
      List<String> cause = answer.lines().stream().limit(1).toList(); // what follows is guesswork
      why = StderrTail.lastOf(cause).orElse("it ended with code " + answer.exitCode());
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    set(name, Outcome.FAILED, why);
    LOG.log(Level.DEBUG, "hardware encoder {0} does not work: {1}", name, why);
  }

  /** The best that is known to work. */
  Optional<String> best() {
    return NAMES.stream().filter(name -> trials.get(name).outcome() == Outcome.WORKS).findFirst();
  }

  /** One that worked has failed: it is not used any more. Nothing happens for other encoders. */
  void failed(String name, String why) {
    EncoderTrial trial = trials.get(name);
    if (trial != null && trial.outcome() == Outcome.WORKS) {
      set(name, Outcome.GIVEN_UP, why);
      LOG.log(
          Level.WARNING, "hardware encoder {0} failed and is not used any more: {1}", name, why);
    }
  }

  /** All of them, the best first. */
  Collection<EncoderTrial> trials() {
    List<EncoderTrial> list = new ArrayList<>();
    NAMES.forEach(name -> list.add(trials.get(name)));
    return list;
  }
}
