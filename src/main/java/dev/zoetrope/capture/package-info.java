/**
 * Keeping sources running and making the codecs they do not have: captures, encoders, and the
 * ffmpeg processes of both.
 *
 * <p>The only room that starts processes and knows net.bramp.ffmpeg.
 */
package dev.zoetrope.capture;
