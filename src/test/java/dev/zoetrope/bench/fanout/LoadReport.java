package dev.zoetrope.bench.fanout;

import java.util.Map;

/**
 * What the viewers got within the window.
 *
 * @param seconds the window's length
 * @param viewers those that read promptly; frames and latencies are theirs
 * @param frames of all of them together
 * @param bytes of all of them together
 * @param whole how many of them got at least 95 % of the frames
 * @param missingPercent frames that were due and did not come
 * @param firsts from connecting to the first whole frame
 * @param slowLatencies those of the viewers that read slowly
 * @param joins from connecting to the first whole frame, of those who came within the window
 * @param serverSeconds CPU time of the server's process, without those it started
 * @param serverKilobytes resident, at the end
 * @param clientPercent of one CPU, the busiest of the client's threads
 * @param errors how often which
 */
record LoadReport(
    double seconds,
    int viewers,
    long frames,
    long bytes,
    int whole,
    double missingPercent,
    Latencies latencies,
    Latencies firsts,
    Latencies slowLatencies,
    Latencies joins,
    double serverSeconds,
    long serverKilobytes,
    double clientPercent,
    Map<String, Integer> errors) {

  double serverMicrosPerFrame() {
    return serverSeconds * 1e6 / frames;
  }
}
