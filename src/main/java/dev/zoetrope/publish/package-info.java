/**
 * Where encoders come to publish: the RTMP server, whose messages become packets without an ffmpeg
 * in between.
 */
package dev.zoetrope.publish;
