package dev.zoetrope.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The steps by which files are written and removed; each may fail. */
interface Disk {
  /** A new, empty file, with that mode where the file system has modes. */
  void create(Path file, Optional<Set<PosixFilePermission>> mode) throws IOException;

  void write(Path file, byte[] content) throws IOException;

  /** What was written is there after a power cut. */
  void force(Path file) throws IOException;

  /** In one step, in the place of what is there. */
  void move(Path from, Path to) throws IOException;

  /** Without effect if there is none. */
  void delete(Path file) throws IOException;

  /** What was made, moved or deleted in it is so after a power cut. */
  void forceFolder(Path folder) throws IOException;

  /** That of this machine. */
  Disk REAL =
      new Disk() {
        @Override
        public void create(Path file, Optional<Set<PosixFilePermission>> mode) throws IOException {
          FileAttribute<?>[] attributes =
              mode.isPresent() && isPosix()
                  ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode.get())}
                  : new FileAttribute<?>[0];
          Files.createFile(file, attributes);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
              channel.write(bytes);
            }
          }
        }

        @Override
        public void force(Path file) throws IOException {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }

        @Override
        public void move(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void delete(Path file) throws IOException {
          Files.deleteIfExists(file);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
          if (isPosix()) { // elsewhere, folders cannot be opened
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
              channel.force(true);
            }
          }
        }
      };

  /** Whether files have an owner and a mode here. */
  static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
