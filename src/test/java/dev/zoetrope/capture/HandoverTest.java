package dev.zoetrope.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.capture.Diagnosis.Cause;
import dev.zoetrope.capture.Handover.PictureForm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private final IOException noSound = new SoundMissingException("sample rate not set");
  private final IOException webp = new UncopiablePictureException("no tag");
  private final IOException other = new IOException("gone");

  @Test
  void whatCannotBeHadIsLeftOutOnceAndTheRestStays() {
    Handover silent = Handover.WHOLE.after(noSound).orElseThrow();
    Handover silentJpeg = silent.after(webp).orElseThrow();

    assertThat(silent).isEqualTo(new Handover(PictureForm.COPIED, false));
    assertThat(silentJpeg).isEqualTo(new Handover(PictureForm.AS_JPEG, false));
    assertThat(silentJpeg.after(noSound)).isEmpty();
    assertThat(silentJpeg.after(webp)).isEmpty();
  }

  @Test
  void pictureThatWasNotFoundIsLookedForLongerOnce() {
    Handover late = Handover.WHOLE.after(other, Cause.NO_PICTURE).orElseThrow();

    assertThat(late).isEqualTo(new Handover(PictureForm.COPIED_LATE, true));
    assertThat(late.after(other, Cause.NO_PICTURE)).isEmpty();
    assertThat(late.after(webp, Cause.UNKNOWN).orElseThrow().pictures())
        .isEqualTo(PictureForm.AS_JPEG);
  }

  @Test
  void otherFailuresChangeNothing() {
    assertThat(Handover.WHOLE.after(other)).isEmpty();
    assertThat(Handover.WHOLE.after(other, Cause.HOST_DOWN)).isEmpty();
  }
}
