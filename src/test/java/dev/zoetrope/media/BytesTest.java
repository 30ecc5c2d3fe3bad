package dev.zoetrope.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void sliceSharesAndStaysWithinItself() {
    Bytes bytes = Bytes.of(1, 2, 3, 4, 5);

    Bytes slice = bytes.slice(1, 4);

    assertThat(slice).isEqualTo(Bytes.of(2, 3, 4));
    assertThat(slice.asByteBuffer().remaining()).isEqualTo(3);
    assertThatThrownBy(() -> slice.at(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void handedOutArrayIsACopy() {
    Bytes bytes = Bytes.of(1, 2);

    bytes.toArray()[0] = 9;

    assertThat(bytes.at(0)).isEqualTo(1);
  }
}
