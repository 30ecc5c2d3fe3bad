package dev.zoetrope.capture;

/** Inputs for the tests of other packages. */
public final class TestInputs {
  private TestInputs() {}

  /** What a capture opens for a published source: waits for the next publisher and reads it. */
  public static Input published(PublishPoint point) {
    return new PublishedInput(point);
  }
}
