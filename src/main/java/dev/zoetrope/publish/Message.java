package dev.zoetrope.publish;

import dev.zoetrope.media.Bytes;

/**
 * One RTMP message, put together from its chunks.
 *
 * @param type one of the constants here, or one that we pass over
 * @param streamId message stream, 0 for the connection itself
 * @param timestamp milliseconds, the low 32 bits of them
 * @see "Adobe RTMP 1.0, 6 (messages), 7.1 (types)"
 */
record Message(int type, int streamId, int timestamp, Bytes payload) {
  static final int SET_CHUNK_SIZE = 1;
  static final int ABORT = 2;
  static final int ACKNOWLEDGEMENT = 3;
  static final int USER_CONTROL = 4;
  static final int WINDOW_ACKNOWLEDGEMENT_SIZE = 5;
  static final int SET_PEER_BANDWIDTH = 6;
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int DATA_AMF3 = 15;
  static final int COMMAND_AMF3 = 17;
  static final int DATA_AMF0 = 18;
  static final int COMMAND_AMF0 = 20;
  static final int AGGREGATE = 22;
}
