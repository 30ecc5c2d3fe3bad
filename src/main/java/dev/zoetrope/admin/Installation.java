package dev.zoetrope.admin;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.IntSupplier;

/**
 * How this server was set up. Immutable.
 *
 * @param home the folder with its files
 * @param startedAt when it started
 * @param fastDoor whether connections are taken over from the container
 * @param rtmpPort where RTMP publishers come to at present; 0 for nowhere
 */
public record Installation(Path home, Instant startedAt, boolean fastDoor, IntSupplier rtmpPort) {}
