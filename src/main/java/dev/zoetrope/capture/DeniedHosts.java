package dev.zoetrope.capture;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Hosts that sources never connect to: blocks of addresses, and names. Immutable. */
public final class DeniedHosts {
  /**
   * Where nothing else is said: addresses that only the machine itself can reach, and those by
   * which clouds tell a machine its secrets. Cameras are in private networks, which are not here.
   */
  public static final List<String> DEFAULT_TEXTS =
      List.of(
          "169.254.0.0/16", // link-local, and the metadata of most clouds: 169.254.169.254
          "fe80::/10", // link-local
          "fd00:ec2::254", // metadata of Amazon
          "fd20:ce::254", // metadata of Google
          "100.100.100.200", // metadata of Alibaba
          "168.63.129.16", // metadata of Azure, beside the link-local one
          "metadata.google.internal");

  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");

  /** An address within IPv6 whose last four bytes are one of IPv4, for translators on the way. */
  private static final List<Block> TRANSLATED = List.of(block("64:ff9b::", 96), block("::", 96));

  private record Block(String text, Digits start, int bits) {
    boolean contains(byte[] address) {
      byte[] first = start.bytes;
      if (first.length != address.length) {
        return false;
      }
      int whole = bits / 8;
      int mask = 0xff00 >> (bits % 8) & 0xff;
      return Arrays.equals(first, 0, whole, address, 0, whole)
          && (mask == 0 || (first[whole] & mask) == (address[whole] & mask));
    }
  }

  /** The bytes of an address, never let out. */
  private static final class Digits {
    private final byte[] bytes;

    Digits(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();

  private DeniedHosts() {}

  /**
   * Those of a list.
   *
   * @param texts {@code 10.0.0.0/8}, {@code fd00::1}, {@code a.example}
   * @throws IllegalArgumentException if one is none of these
   */
  public static DeniedHosts of(List<String> texts) {
    DeniedHosts hosts = new DeniedHosts();
    texts.forEach(hosts::add);
    return hosts;
  }

  /** Those where nothing else is said. */
  public static DeniedHosts usual() {
    return of(DEFAULT_TEXTS);
  }

  private void add(String text) {
    String[] parts = text.split("/", 2);
    if (NUMERIC.matcher(parts[0]).matches()) {
      byte[] address = literal(parts[0]);
      int all = address.length * 8;
      int bits = parts.length == 1 ? all : bits(text, parts[1], all);
      blocks.add(new Block(text, new Digits(address), bits));
    } else {
      String name = plain(text);
      if (!NAME.matcher(name).matches()) {
        throw notOne(text);
      }
      names.add(name);
    }
  }

  private static byte[] literal(String text) {
    boolean isWhole = text.contains(":") || text.matches("[0-9]+(\\.[0-9]+){3}");
    try {
      if (isWhole && !hasLeadingZero(text)) {
        return InetAddress.getByName(text).getAddress(); // numbers: nobody is asked
      }
    } catch (UnknownHostException e) {
      throw (IllegalArgumentException) notOne(text).initCause(e);
    }
    throw notOne(text);
  }

  private static int bits(String text, String length, int most) {
    int bits = length.matches("[0-9]{1,3}") ? Integer.parseInt(length) : -1;
    if (bits < 0 || bits > most) {
      throw notOne(text);
    }
    return bits;
  }

  private static Block block(String start, int bits) {
    return new Block(start, new Digits(literal(start)), bits);
  }

  private static IllegalArgumentException notOne(String text) {
    return new IllegalArgumentException(
        "expected a block of addresses such as 169.254.0.0/16 or fe80::/10, an address, or the"
            + " name of a host; found "
            + text);
  }

  /**
   * Whether a name is denied, before it is looked up.
   *
   * @return which entry denies it
   */
  Optional<String> ofName(String host) {
    String name = plain(host);
    if (hasLeadingZero(name)) { // 0251.254.169.254: octal for some, decimal for others
      return Optional.of("numbers with a zero before them");
    }
    return Optional.of(name).filter(names::contains);
  }

  /**
   * Whether an address is denied.
   *
   * @return which entry denies it
   */
  Optional<String> ofAddress(InetAddress address) {
    byte[] bytes = address.getAddress();
    Optional<String> own = blockOf(bytes);
    boolean isTranslated =
        address instanceof Inet6Address
            && TRANSLATED.stream().anyMatch(block -> block.contains(bytes));
    return own.isPresent() || !isTranslated
        ? own
        : blockOf(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
  }

  private Optional<String> blockOf(byte[] address) {
    return blocks.stream().filter(block -> block.contains(address)).map(Block::text).findFirst();
  }

  private static boolean hasLeadingZero(String host) {
    return host.matches("[0-9.]+") && host.matches("(.*\\.)?0[0-9].*");
  }

  private static String plain(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeniedHosts hosts && hosts.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return blocks.stream().map(Block::text).toList() + " " + names;
  }
}
