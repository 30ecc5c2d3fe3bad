package dev.zoetrope.web;

import dev.zoetrope.capture.Picture;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;

/** Takes the files of a form as single pictures, when the form is whole. */
final class FormTaker implements BodyTaker {
  private final PictureEntrance entrance;
  private final Upload upload;
  private final MultipartParts parts;
  private final List<Picture> pictures = new ArrayList<>();
  private long bytes;

  FormTaker(String boundary, PictureEntrance entrance, Upload upload) {
    this.entrance = entrance;
    this.upload = upload;
    parts = new MultipartParts(boundary, part -> pictures.add(PictureEntrance.picture(part)));
  }

  @Override
  public void take(byte[] chunk, int count) throws OutcomeException {
    bytes += count;
    if (bytes > Picture.MAX_BYTES) {
      throw new OutcomeException(Outcome.TOO_LARGE, "a form of over 64 MiB");
    }
    parts.feed(chunk, count);
  }

  @Override
  public void end() throws OutcomeException, InterruptedException {
    long captureMicros = entrance.nowMicros();
    parts.end();
    if (pictures.isEmpty()) {
      throw new OutcomeException(Outcome.BAD_REQUEST, "expected a file in the form, found none");
    }
    for (Picture picture : pictures) {
      entrance.showOne(picture, captureMicros);
    }
    upload.succeed(HttpServletResponse.SC_NO_CONTENT);
  }

  @Override
  public void abandon(String why) {
    // nothing was begun
  }
}
