package dev.zoetrope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What operators copy into their system. */
@Tag("any-door")
class InstallIT {
  @Test
  void systemdTakesTheService() throws Exception {
    try (Program program =
        Program.start("systemd-analyze", "verify", "docs/install/zoetrope.service")) {
      Program.Ended ended = program.await();

      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(ended.err()).as("unknown keys are only warned of").doesNotContain("zoetrope");
    }
  }
}
