package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  private static void isKept(String... names) {
    List<String> shuffled = new ArrayList<>(List.of(names));
    Collections.shuffle(shuffled, new Random(1));

    shuffled.sort(NaturalOrder.INSTANCE);

    assertThat(shuffled).containsExactly(names);
  }

  @Test
  void numbersCountByValue() {
    isKept("in0.jpg", "in1.jpg", "in2.jpg", "in10.jpg", "in100.jpg");
  }

  @Test
  void textBeforeAndAfterNumbersCountsByCharacter() {
    isKept("a10.jpg", "a10b.jpg", "b2-1.jpg", "b2-3.jpg", "b2-20.jpg", "b10-1.jpg");
  }

  @Test
  void leadingZerosDoNotMakeANumberSmaller() {
    isKept("in1.jpg", "in002.jpg", "in03.jpg", "in4.jpg");
  }

  @Test
  void equalNumbersWrittenDifferentlyAreTwoNames() {
    isKept("in001.jpg", "in01.jpg", "in1.jpg");
    assertThat(NaturalOrder.INSTANCE.compare("in01.jpg", "in1.jpg")).isNotZero();
    assertThat(NaturalOrder.INSTANCE.compare("in1.jpg", "in1.jpg")).isZero();
  }

  @Test
  void numbersLargerThanAnyTypeAreCompared() {
    isKept("20260101000000000000000009.jpg", "20260101000000000000000010.jpg");
  }

  @Test
  void shorterNameComesFirst() {
    isKept("", "1", "1a", "a", "a1", "a1b", "ab");
  }

  @Test
  void orderIsTotal() {
    List<String> names =
        List.of(
            "", "0", "00", "1", "01", "001", "1a", "01a", "a", "a0", "a00", "a1", "-", "-1", "é");

    for (String a : names) {
      for (String b : names) {
        int order = Integer.signum(NaturalOrder.INSTANCE.compare(a, b));
        assertThat(order).isEqualTo(-Integer.signum(NaturalOrder.INSTANCE.compare(b, a)));
        assertThat(order == 0).isEqualTo(a.equals(b));
        for (String c : names) {
          if (order < 0 && NaturalOrder.INSTANCE.compare(b, c) < 0) {
            assertThat(NaturalOrder.INSTANCE.compare(a, c)).isNegative();
          }
        }
      }
    }
  }
}
