package dev.zoetrope.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({"1, 16", "256, 128", "2048, 1024", "65536, 1024"})
  void logsTakeHalfTheHeapAndAtMostOneGibibyte(long heapMib, long logMib) {
    Limits limits = Limits.defaultsFor(heapMib * MIB);

    assertThat(limits.logBytesPerNode()).isEqualTo(logMib * MIB);
  }

  @Test
  void defaultsFitThisProcess() {
    assertThat(Limits.defaults().viewersPerNode()).isEqualTo(5_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1, 64", "1, 0, 1, 64", "1, 1, 0, 64", "1, 1, 1, 15", "1000001, 1, 1, 64"})
  void valuesOutOfRangeAreRefused(int viewers, int perSource, int sources, long logMib) {
    assertThatThrownBy(() -> new Limits(viewers, perSource, 1, sources, logMib * MIB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("limit \\w+: expected \\d+ to \\d+, got \\d+");
  }
}
