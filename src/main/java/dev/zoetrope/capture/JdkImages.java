package dev.zoetrope.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedAction;
import javax.imageio.spi.IIORegistry;
import javax.security.auth.Subject;

/**
 * The JDK's own image formats: its registry, which all applications of a server share, searches the
 * class path of whoever asks first, and would hold on to our class loader for the reader it finds
 * there. For each reader it also remembers, for good, whose code was running when it came.
 */
final class JdkImages {
  static {
    Thread asking = Thread.currentThread();
    ClassLoader own = asking.getContextClassLoader();
    asking.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      asNobody(search());
    } finally {
      asking.setContextClassLoader(own);
    }
  }

  private JdkImages() {}

  /** So that all which is seen to run, beside {@code action}, is the JDK's. */
  @SuppressWarnings("removal") // goes with what remembers
  private static void asNobody(PrivilegedAction<?> action) {
    var unused = Subject.doAsPrivileged(null, action, null);
  }

  /** Made of the JDK's classes alone: a lambda would be ours. */
  private static PrivilegedAction<?> search() {
    try {
      MethodHandle registry =
          MethodHandles.publicLookup()
              .findStatic(
                  IIORegistry.class,
                  "getDefaultInstance",
                  MethodType.methodType(IIORegistry.class));
      return MethodHandleProxies.asInterfaceInstance(PrivilegedAction.class, registry);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("every JDK has it", e);
    }
  }

  /** To be called before ImageIO is. */
  static void prepare() {
    // once, when this class is initialised
  }
}
