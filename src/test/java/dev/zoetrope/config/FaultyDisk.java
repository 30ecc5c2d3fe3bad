package dev.zoetrope.config;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** A disk on which the step of that number fails, by one of the ways in which disks do. */
final class FaultyDisk implements Disk {
  enum Fault {
    /** It is full: half of what is written is there; the next steps work. */
    FULL,
    /** The process is killed: half of what is written is there; nothing comes after. */
    KILL
  }

  /** Nothing is done any more, not even tidying up. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final int faultyStep;
  private final Fault fault;
  private int steps;
  private boolean isKilled;

  FaultyDisk(int faultyStep, Fault fault) {
    this.faultyStep = faultyStep;
    this.fault = fault;
  }

  /** Whether the step came. */
  boolean hasFailed() {
    return steps > faultyStep;
  }

  private boolean isFaulty() {
    if (isKilled) {
      throw new Killed();
    }
    return steps++ == faultyStep;
  }

  private void fail() throws IOException {
    if (fault == Fault.KILL) {
      isKilled = true;
      throw new Killed();
    }
    throw new IOException("No space left on device");
  }

  private void check() throws IOException {
    if (isFaulty()) {
      fail();
    }
  }

  @Override
  public void create(Path file, Optional<Set<PosixFilePermission>> mode) throws IOException {
    check();
    REAL.create(file, mode);
  }

  @Override
  public void write(Path file, byte[] content) throws IOException {
    if (isFaulty()) {
      REAL.write(file, Arrays.copyOf(content, content.length / 2));
      fail();
    }
    REAL.write(file, content);
  }

  @Override
  public void force(Path file) throws IOException {
    check();
    REAL.force(file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    check();
    REAL.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    check();
    REAL.delete(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    check();
    REAL.forceFolder(folder);
  }
}
