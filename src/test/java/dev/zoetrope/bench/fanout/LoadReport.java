package dev.zoetrope.bench.fanout;

import java.util.Map;

/**
 * What the viewers got within the window.
 *
 * @param viewers those that read promptly; frames and latencies are theirs
 * @param frames of all of them together
 * @param bytes of all of them together
 * @param whole how many of them got at least 95 % of the frames
 * @param missingPercent frames that were due and did not come
 * @param firsts from connecting to the first whole frame
 * @param slowLatencies those of the viewers that read slowly
 * @param joins from connecting to the first whole frame, of those who came within the window
 * @param errors how often which
 */
record LoadReport(
    Cost cost,
    int viewers,
    long frames,
    long bytes,
    int whole,
    double missingPercent,
    Latencies latencies,
    Latencies firsts,
    Latencies slowLatencies,
    Latencies joins,
    Map<String, Integer> errors) {

  double serverMicrosPerFrame() {
    return cost.serverSeconds() * 1e6 / frames;
  }
}
