package dev.zoetrope.publish;

/**
 * What a publisher asks for. The key stays out of its text.
 *
 * @param name of the stream: a source's id, as far as anybody knows
 * @param key as offered, without percent-encoding; empty if none was
 * @param streamId the message stream it publishes on
 * @param program what it says it is, for people; may be empty
 */
record PublishRequest(String name, String key, int streamId, String program) {
  private static final int MOST_SHOWN = 60;

  /** What it says it is, for one line of a log: in brackets, or nothing. */
  String shownProgram() {
    String plain = program.replaceAll("[^\\x20-\\x7e]", "");
    return plain.isBlank()
        ? ""
        : " (" + plain.substring(0, Math.min(plain.length(), MOST_SHOWN)).strip() + ")";
  }

  @Override
  public String toString() {
    return "publish " + name;
  }
}
