package dev.zoetrope.bench.fanout;

/**
 * What a window cost the machine.
 *
 * @param seconds its length
 * @param serverSeconds CPU time of the server's process, without those it started
 * @param serverKilobytes resident, at the end
 * @param clientPercent of one CPU, the busiest of the client's threads
 * @param othersPercent of one CPU, everything but the server and the client
 */
record Cost(
    double seconds,
    double serverSeconds,
    long serverKilobytes,
    double clientPercent,
    double othersPercent) {}
