package dev.zoetrope.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The mistakes of one file, in order of line; past the first fifty they are only counted. */
final class MistakeList {
  private static final int MOST = 50;

  private final Path file;
  private final List<Mistake> mistakes = new ArrayList<>();
  private int count;

  MistakeList(Path file) {
    this.file = file;
  }

  void add(int line, String key, String value, String remedy) {
    count++;
    if (mistakes.size() < MOST) {
      mistakes.add(new Mistake(file, line, Shown.text(key), value, remedy));
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  List<Mistake> all() {
    List<Mistake> all = new ArrayList<>(mistakes);
    all.sort((a, b) -> Integer.compare(a.line(), b.line()));
    if (count > MOST) {
      all.add(new Mistake(file, 0, "", "", "and " + (count - MOST) + " more"));
    }
    return Collections.unmodifiableList(all);
  }
}
