package dev.zoetrope.publish;

import dev.zoetrope.media.MalformedMediaException;
import java.util.List;
import java.util.Optional;

/**
 * A command of the other side: its name, the number by which it knows the answer, its arguments.
 *
 * @param transaction 0 where no answer is wanted
 * @param arguments without command object, which is the first of them
 * @see "Adobe RTMP 1.0, 7.1.1, 7.2"
 */
record Command(String name, double transaction, Amf object, List<Amf> arguments) {
  /** The command in a message; empty where it is none. */
  static Optional<Command> of(Message message) throws MalformedMediaException {
    boolean isAmf3 = message.type() == Message.COMMAND_AMF3;
    if (!isAmf3 && message.type() != Message.COMMAND_AMF0) {
      return Optional.empty();
    }
    // An AMF 3 command has a byte in front and may hold AMF 0 for all the rest; encoders do.
    int from = isAmf3 && !message.payload().isEmpty() ? 1 : 0;
    List<Amf> values =
        AmfReader.readAll("RTMP command", message.payload().slice(from, message.payload().size()));
    if (values.size() < 2
        || !(values.get(0) instanceof Amf.Text name)
        || !(values.get(1) instanceof Amf.Numeral transaction)) {
      throw new MalformedMediaException(
          "RTMP command of " + values.size() + " values: expected a name and a number first");
    }
    return Optional.of(
        new Command(
            name.value(),
            transaction.value(),
            values.size() > 2 ? values.get(2) : Amf.NOTHING,
            values.size() > 3 ? values.subList(3, values.size()) : List.of()));
  }

  /** The text argument at {@code index}; empty if there is none. */
  Optional<String> text(int index) {
    return index < arguments.size() && arguments.get(index) instanceof Amf.Text found
        ? Optional.of(found.value())
        : Optional.empty();
  }
}
