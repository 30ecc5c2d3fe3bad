/**
 * The log and its readers: one thread writes, everyone else is a cursor, and a slow reader is a
 * cursor that was lapped. Nothing here waits for a reader.
 *
 * <p>Plain JDK; knows {@code media} only.
 */
package dev.zoetrope.feed;
