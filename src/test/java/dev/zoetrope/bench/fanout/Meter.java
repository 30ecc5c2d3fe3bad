package dev.zoetrope.bench.fanout;

import com.sun.management.OperatingSystemMXBean;
import dev.zoetrope.bench.ProcessUse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Measures what a window costs, from its making on. */
final class Meter {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final ProcessHandle server;
  private final List<Thread> clients;
  private final long startNanos = System.nanoTime();
  private final ProcessUse serverBefore;
  private final List<Long> clientsBefore;
  private final long ownBefore;

  Meter(ProcessHandle server, List<Thread> clients) throws IOException {
    this.server = server;
    this.clients = clients;
    serverBefore = ProcessUse.of(server);
    clientsBefore = clients.stream().map(Meter::cpuNanos).toList();
    ownBefore = SYSTEM.getProcessCpuTime();
    SYSTEM.getCpuLoad(); // the next call tells the mean since this one
  }

  Cost stop() throws IOException {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double busySeconds = SYSTEM.getCpuLoad() * SYSTEM.getAvailableProcessors() * seconds;
    double ownSeconds = (SYSTEM.getProcessCpuTime() - ownBefore) / 1e9;
    ProcessUse serverNow = ProcessUse.of(server);
    double serverSeconds = serverNow.cpu().minus(serverBefore.cpu()).toNanos() / 1e9;
    double busiestSeconds = 0;
    for (int i = 0; i < clients.size(); i++) {
      long nanos = cpuNanos(clients.get(i)) - clientsBefore.get(i);
      busiestSeconds = Math.max(busiestSeconds, nanos / 1e9);
    }
    return new Cost(
        seconds,
        serverSeconds,
        serverNow.residentKilobytes(),
        100 * busiestSeconds / seconds,
        Math.max(0, 100 * (busySeconds - ownSeconds - serverSeconds) / seconds));
  }

  private static long cpuNanos(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }
}
