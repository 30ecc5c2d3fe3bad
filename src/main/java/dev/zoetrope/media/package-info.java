/**
 * The values every room speaks: packets and fragments, tracks and runs, sources and renditions.
 *
 * <p>Plain JDK, immutable, no threads, no input or output.
 */
package dev.zoetrope.media;
