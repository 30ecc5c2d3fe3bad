package dev.zoetrope.web;

import dev.zoetrope.capture.Picture;
import dev.zoetrope.capture.PicturesInput;
import dev.zoetrope.media.Bytes;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Takes an endless multipart body as pictures, each shown with its last byte. A part that is no
 * picture is passed over, unless it is the first.
 */
final class PicturesTaker implements BodyTaker {
  private static final Logger LOG = System.getLogger(PicturesTaker.class.getName());

  private final PictureEntrance entrance;
  private final Upload upload;
  private final MultipartParts parts;
  private volatile PicturesInput input; // null before the first picture
  private volatile boolean closed; // by the server
  private boolean hasPassedOver; // confined to the reading thread

  PicturesTaker(String boundary, PictureEntrance entrance, Upload upload) {
    this.entrance = entrance;
    this.upload = upload;
    parts = new MultipartParts(boundary, this::show);
  }

  @Override
  public void take(byte[] chunk, int count) throws OutcomeException {
    parts.feed(chunk, count);
  }

  private void show(Bytes part) throws OutcomeException {
    long captureMicros = entrance.nowMicros();
    Picture picture;
    try {
      picture = PictureEntrance.picture(part);
    } catch (OutcomeException e) {
      if (input == null) {
        throw e;
      }
      if (!hasPassedOver) {
        LOG.log(Level.INFO, "a published part was passed over: {0}", e.getMessage());
        hasPassedOver = true; // repeated failures once
      }
      return;
    }
    if (closed || (input != null && input.show(picture, captureMicros))) {
      return;
    }
    PicturesInput admitted =
        entrance.admit(picture, captureMicros); // the first, or the first since long
    input = admitted;
    admitted.whenClosed(
        () -> {
          closed = true;
          upload.refuse(entrance.closed(admitted));
        });
  }

  @Override
  public void end() throws OutcomeException {
    if (input == null) {
      throw new OutcomeException(Outcome.BAD_REQUEST, "expected parts with pictures, found none");
    }
    input.end("the publisher ended the stream");
    upload.succeed(HttpServletResponse.SC_OK);
  }

  @Override
  public void abandon(String why) {
    PicturesInput admitted = input;
    if (admitted != null) {
      admitted.end(why);
    }
  }
}
