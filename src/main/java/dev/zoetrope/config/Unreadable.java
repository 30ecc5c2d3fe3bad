package dev.zoetrope.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Says in words what a file's exception says by its class. */
final class Unreadable {
  private Unreadable() {}

  static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "is there already and is no folder";
    }
    if (e instanceof FileSystemLoopException) {
      return "links in a circle";
    }
    if (e instanceof FileSystemException failure) {
      return Optional.ofNullable(failure.getReason()).orElse(e.getClass().getSimpleName());
    }
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
