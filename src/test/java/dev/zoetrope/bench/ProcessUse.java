package dev.zoetrope.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used, without those it started.
 *
 * @param cpu user and system time
 * @param residentKilobytes 0 where there is no {@code /proc}
 */
public record ProcessUse(Duration cpu, long residentKilobytes) {
  public static ProcessUse of(ProcessHandle process) throws IOException {
    return new ProcessUse(
        process.info().totalCpuDuration().orElse(Duration.ZERO), residentKilobytes(process));
  }

  private static long residentKilobytes(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
