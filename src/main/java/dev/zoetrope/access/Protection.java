package dev.zoetrope.access;

/** Who may watch a source: its key {@code access}. */
public enum Protection {
  /** Anybody, from any page. */
  PUBLIC("public"),
  /** Who is signed in and may watch it, or has a link. */
  SIGNED_IN("signed-in"),
  /** Who has a link; operators and administrators, too. */
  LINK("link");

  private final String word;

  Protection(String word) {
    this.word = word;
  }

  /** What lets in nobody whom either keeps out. */
  public Protection and(Protection other) {
    return compareTo(other) < 0 ? other : this; // the stricter ones stand further down
  }

  /** As in a source's file. */
  public String word() {
    return word;
  }
}
