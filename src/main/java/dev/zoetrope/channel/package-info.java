/**
 * Sources at work on this node: each channel has its capture, its feeds and its viewers, started
 * when somebody wants them and stopped when nobody does.
 */
package dev.zoetrope.channel;
