package dev.zoetrope.config;

import java.nio.file.Path;
import java.util.List;

/** Who keeps what {@code access.yaml} says. Thread-safe. */
public interface AccessFile {
  /** What is wrong with a file that is to take its place. */
  List<Mistake> mistakes(byte[] content);

  /** The file is another one from now on. */
  void written();

  /** Where nobody keeps it: any keys and values. */
  AccessFile UNREAD =
      new AccessFile() {
        @Override
        public List<Mistake> mistakes(byte[] content) {
          MistakeList mistakes = new MistakeList(Path.of(Transfer.ACCESS));
          var unused = YamlFile.parse(content, mistakes);
          return mistakes.all();
        }

        @Override
        public void written() {
          // nobody has read it
        }
      };
}
