package dev.zoetrope.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedBuffersTest {
  private final SharedBuffers buffers = SharedBuffers.ofThread();

  private static Bytes filled(int size, int octet) {
    byte[] array = new byte[size];
    Arrays.fill(array, (byte) octet);
    return Bytes.owning(array);
  }

  @Test
  void sameBytesAreCopiedOnce() {
    Bytes bytes = filled(5000, 1);

    ByteBuffer first = buffers.view(bytes, 0);
    ByteBuffer second = buffers.view(bytes, 4000);

    assertThat(first.isDirect()).isTrue();
    assertThat(second).isSameAs(first);
    assertThat(second.remaining()).isEqualTo(1000);
  }

  @Test
  void asManyAsThereAreSlotsAreValidTogether() {
    List<ByteBuffer> views = new ArrayList<>();
    for (int i = 0; i < 3 * SharedBuffers.SLOTS; i++) { // sizes go up and down: slots are reused
      views.add(buffers.view(filled(1000 + 5000 * (i % 5), i), 0));
    }

    for (int i = 2 * SharedBuffers.SLOTS; i < views.size(); i++) {
      ByteBuffer view = views.get(i);
      assertThat(view.remaining()).isEqualTo(1000 + 5000 * (i % 5));
      assertThat(view.get(0)).isEqualTo((byte) i);
      assertThat(view.get(view.limit() - 1)).isEqualTo((byte) i);
    }
  }

  @Test
  void whatIsInUseIsNotGivenUpHoweverOld() {
    Bytes oldest = filled(1000, 77);
    ByteBuffer view = buffers.view(oldest, 0);
    for (int i = 1; i < SharedBuffers.SLOTS; i++) {
      buffers.view(filled(1000, i), 0);
    }
    buffers.view(oldest, 0);
    for (int i = 1; i < SharedBuffers.SLOTS; i++) {
      buffers.view(filled(1000, -i), 0);
    }

    assertThat(view.get(0)).isEqualTo((byte) 77);
  }

  @Test
  void smallAndHugeOnesStayWhereTheyAre() {
    assertThat(buffers.view(filled(100, 1), 40).remaining()).isEqualTo(60);
    assertThat(buffers.view(filled(100, 1), 0).isDirect()).isFalse();
    assertThat(buffers.view(filled(3 << 20, 1), 0).isDirect()).isFalse();
  }
}
