package dev.zoetrope.capture;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** A program: asks for image formats in a JVM where nobody has, and says what was found. */
public final class ImageSearch {
  private ImageSearch() {}

  /** With {@code ours}, {@link JdkImages} searches before. */
  public static void main(String[] arguments) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    if (List.of(arguments).contains("ours")) {
      JdkImages.prepare();
    }
    List<String> foreign = new ArrayList<>();
    List<String> formats = new ArrayList<>();
    IIORegistry.getDefaultInstance()
        .getServiceProviders(ImageReaderSpi.class, true)
        .forEachRemaining(
            reader -> {
              formats.addAll(List.of(reader.getFormatNames()));
              if (reader.getClass().getClassLoader() == before) {
                foreign.add(reader.getClass().getSimpleName());
              }
            });
    System.out.println("of the class path: " + foreign);
    System.out.println("all of ours: " + formats.containsAll(List.of("jpeg", "png", "gif")));
    System.out.println(
        "loader kept: " + (Thread.currentThread().getContextClassLoader() == before));
  }
}
