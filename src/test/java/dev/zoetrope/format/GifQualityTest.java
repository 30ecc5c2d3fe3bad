package dev.zoetrope.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Track;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ours against ffmpeg's on the same pictures, both read back by ffmpeg. */
final class GifQualityTest {
  @Test
  void noMoreBytesThanFfmpegAndAtLeastTwoAndAHalfDecibelsBetter() throws IOException {
    GifClip clip = GifClip.load();
    Bytes theirs = FfmpegGif.of(clip).bytes();

    Bytes ours = encode(clip.pictures());

    double better =
        GifClip.psnr(clip.pictures(), decode(ours)) - GifClip.psnr(clip.pictures(), decode(theirs));
    assertThat(ours.size()).isLessThanOrEqualTo(theirs.size());
    assertThat(better).isGreaterThanOrEqualTo(2.5);
  }

  @Test
  void pictureAfterACutIsAsGoodAsAFirstPicture() throws IOException {
    GifClip clip = GifClip.load();
    Bytes before = clip.pictures().get(0);
    Bytes after = clip.pictures().get(clip.pictures().size() - 1);

    List<Bytes> cut = decode(encode(List.of(before, before, after)));
    List<Bytes> first = decode(encode(List.of(after)));

    double cutPsnr = GifClip.psnr(List.of(after), List.of(cut.get(2)));
    double firstPsnr = GifClip.psnr(List.of(after), first);
    assertThat(cutPsnr).isGreaterThan(firstPsnr - 0.5);
  }

  private static List<Bytes> decode(Bytes gif) throws IOException {
    return GifClip.decode(gif, GifClip.WIDTH, GifClip.HEIGHT);
  }

  private static Bytes encode(List<Bytes> pictures) {
    GifRecording recording = new GifRecording(0);
    Track track = GifClip.track(GifClip.WIDTH, GifClip.HEIGHT);
    recording.packager.begin(List.of(track));
    for (int i = 0; i < pictures.size(); i++) {
      recording.packager.accept(GifClip.packet(track, i, pictures.get(i)));
    }
    return recording.watch(GifFraming.PLAIN, 0);
  }
}
