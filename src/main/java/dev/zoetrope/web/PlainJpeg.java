package dev.zoetrope.web;

import dev.zoetrope.media.Bytes;
import dev.zoetrope.media.Fragment;
import dev.zoetrope.media.Framing;
import dev.zoetrope.media.Run;

/** A picture as it is, for who wants one only. Stateless. */
enum PlainJpeg implements Framing {
  INSTANCE;

  @Override
  public String contentType(Run run) {
    return "image/jpeg";
  }

  @Override
  public Bytes head(Run run, Fragment first) {
    return Bytes.EMPTY;
  }

  @Override
  public Bytes frame(Fragment fragment, boolean joining) {
    return fragment.bytes();
  }

  @Override
  public boolean continues(Run before, Run after) {
    return true;
  }
}
