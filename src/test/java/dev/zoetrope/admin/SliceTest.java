package dev.zoetrope.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceTest {
  private static final List<String> ALL = List.of("a", "b", "c", "d");

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    ",, abcd",
    "1,, bcd",
    ",2, ab",
    "1,2, bc",
    "3,9, d",
    "4,1, ''",
    "999999999,1, ''",
    "0,999999999, abcd",
  })
  void partIsTaken(String offset, String limit, String expected) throws Problem {
    Slice slice = Slice.of(Optional.ofNullable(offset), Optional.ofNullable(limit));

    assertThat(String.join("", slice.of(ALL))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"-1,1", "x,1", "1,0", "1,-1", "1,9999999999", "'',1", "1.5,1"})
  void whatIsNoNumberIsToldWithWhatWasExpected(String offset, String limit) {
    assertThatThrownBy(() -> Slice.of(Optional.of(offset), Optional.of(limit)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("expected a whole number from");
  }

  @Test
  void measuredNumbersHaveThreeDigitsThatCount() {
    assertThat(JsonNumber.of(24.987)).hasToString("25.0");
    assertThat(JsonNumber.of(0.12345)).hasToString("0.123");
    assertThat(JsonNumber.of(1234567.8)).hasToString("1230000");
    assertThat(JsonNumber.of(25)).hasToString("25");
    assertThat(JsonNumber.of(0)).hasToString("0");
    assertThat(JsonNumber.of(Double.NaN)).hasToString("null");
  }
}
