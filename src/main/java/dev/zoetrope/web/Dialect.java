package dev.zoetrope.web;

import dev.zoetrope.channel.Channel;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What is spoken on one shared socket, where that differs between those of viewers and those of
 * nodes. One for each socket; thread-safe.
 */
interface Dialect {
  /** How much a client may say, have, and leave lying. */
  Terms terms();

  /** The most that it is sent, bits a second; empty: any. */
  default OptionalInt limit() {
    return OptionalInt.empty();
  }

  /**
   * The first messages.
   *
   * @param nowMicros since 1970
   */
  List<String> greeting(long nowMicros);

  /** The socket is there. Once; its client has been greeted. */
  void opened(Bundle bundle);

  /** It is closed, or will be. Any thread; perhaps again, perhaps without {@link #opened}. */
  void closed(Bundle bundle);

  /**
   * As a text message says.
   *
   * @throws OutcomeException BAD_REQUEST with what was expected
   */
  Request request(String text) throws OutcomeException;

  /**
   * What was asked for, held for this client.
   *
   * @throws OutcomeException if it cannot be had, with why
   */
  Seat seat(Request.Subscribe wanted) throws OutcomeException;

  /**
   * What there is to say that is not of a subscription. About once a second, on the timer.
   *
   * @param wordsOf what is to be told of a source
   */
  List<String> news(Function<Channel, SourceWords> wordsOf);

  /** What there is to say that cannot wait so long. About five times a second, on the timer. */
  List<String> urgent();
}
