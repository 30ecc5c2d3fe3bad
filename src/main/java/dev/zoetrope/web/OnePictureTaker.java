package dev.zoetrope.web;

import dev.zoetrope.capture.Picture;
import dev.zoetrope.media.Bytes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;

/** Takes a body as a single picture, and shows it when it is whole. */
final class OnePictureTaker implements BodyTaker {
  private final PictureEntrance entrance;
  private final Upload upload;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  OnePictureTaker(PictureEntrance entrance, Upload upload) {
    this.entrance = entrance;
    this.upload = upload;
  }

  @Override
  public void take(byte[] chunk, int count) throws OutcomeException {
    if (bytes.size() + count > Picture.MAX_BYTES) {
      throw new OutcomeException(Outcome.TOO_LARGE, "a picture of over 64 MiB");
    }
    bytes.write(chunk, 0, count);
  }

  @Override
  public void end() throws OutcomeException, InterruptedException {
    long captureMicros = entrance.nowMicros();
    Picture picture = PictureEntrance.picture(Bytes.owning(bytes.toByteArray()));
    entrance.showOne(picture, captureMicros);
    upload.succeed(HttpServletResponse.SC_NO_CONTENT);
  }

  @Override
  public void abandon(String why) {
    // nothing was begun
  }
}
