package dev.zoetrope.capture;

import javax.imageio.spi.IIORegistry;

/**
 * The JDK's own image formats: its registry, which all applications of a server share, searches the
 * class path of whoever asks first, and would hold on to our class loader for the reader it finds
 * there.
 */
final class JdkImages {
  static {
    Thread asking = Thread.currentThread();
    ClassLoader own = asking.getContextClassLoader();
    asking.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      var unused = IIORegistry.getDefaultInstance();
    } finally {
      asking.setContextClassLoader(own);
    }
  }

  private JdkImages() {}

  /** To be called before ImageIO is. */
  static void search() {
    // once, when this class is initialised
  }
}
