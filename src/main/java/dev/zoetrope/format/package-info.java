/**
 * From packets to what browsers play: the NUT reader and writer, and one packager per format.
 *
 * <p>Plain JDK; knows {@code media} only. Nothing here starts a thread or opens a file.
 */
package dev.zoetrope.format;
