package dev.zoetrope.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Proxies whose word counts on where a request comes from: {@code 127.0.0.1}, {@code 10.0.0.0/8},
 * {@code ::1}. Immutable.
 */
public final class TrustedProxies {
  /** Nobody's word counts. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final Pattern NUMERIC =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final List<Block> blocks;

  /** Addresses with the same first bits. */
  private static final class Block {
    private final String text;
    private final byte[] start;
    private final int bits;

    Block(String text) {
      String[] parts = text.split("/", 2);
      this.text = text;
      start = bytes(parts[0]);
      int most = start.length * 8;
      bits = parts.length == 1 ? most : bits(parts[1], most);
    }

    private static int bits(String text, int most) {
      int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : most + 1;
      if (bits > most) {
        throw new IllegalArgumentException("a block of addresses ends in /0 to /" + most);
      }
      return bits;
    }

    boolean contains(byte[] address) {
      if (address.length != start.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((address[bit / 8] ^ start[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private TrustedProxies(List<Block> blocks) {
    this.blocks = blocks;
  }

  /**
   * Those of a list.
   *
   * @param text with commas between
   * @throws IllegalArgumentException if one is neither an address nor a block of them
   */
  public static TrustedProxies of(String text) {
    return new TrustedProxies(
        Stream.of(text.split(",", -1)).map(String::strip).map(Block::new).toList());
  }

  /** Whether the word of who connects from {@code address} counts. */
  public boolean believes(String address) {
    if (blocks.isEmpty() || !isNumeric(address)) {
      return false;
    }
    byte[] bytes = bytes(address);
    return blocks.stream().anyMatch(block -> block.contains(bytes));
  }

  /**
   * Where a request comes from: the last address that a proxy not believed in has put there, or the
   * client itself.
   *
   * @param connected who has connected to us
   * @param forwarded the values of the headers {@code X-Forwarded-For}, in order
   */
  public String client(String connected, List<String> forwarded) {
    List<String> way = new ArrayList<>();
    forwarded.forEach(header -> way.addAll(List.of(header.split(",", -1))));
    String client = connected;
    for (int i = way.size() - 1; i >= 0 && believes(client); i--) {
      String before = withoutPort(way.get(i).strip());
      if (!isNumeric(before)) {
        return client; // somebody's invention: what is before it is no better
      }
      client = before;
    }
    return client;
  }

  /** As some proxies write it: {@code 203.0.113.7:4711}, {@code [2001:db8::7]:4711}. */
  private static String withoutPort(String text) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end < 0 ? text : text.substring(1, end);
    }
    int colon = text.indexOf(':');
    return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
  }

  private static boolean isNumeric(String text) {
    try {
      return bytes(text).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Of numbers only: nobody is asked for a name. */
  private static byte[] bytes(String text) {
    if (!NUMERIC.matcher(text).matches()) {
      throw new IllegalArgumentException("no address: " + text);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address: " + text, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrustedProxies proxies && proxies.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return blocks.stream().map(block -> block.text).toList().toString();
  }
}
