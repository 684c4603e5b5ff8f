package dev.tenon.adapter.listchecker;

import dev.tenon.spi.config.Names;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Networks in CIDR form, IPv4 and IPv6, in any number: a look-up tries each length of prefix that
 * there is, not each network. An address without a length is a network of one.
 */
final class Networks implements Listing {
  private final Set<Network> networks = new HashSet<>();
  private final TreeSet<Integer> lengthsOfFour = new TreeSet<>();
  private final TreeSet<Integer> lengthsOfSixteen = new TreeSet<>();

  /**
   * A network.
   *
   * @param length of the prefix in bits
   * @param high the first 64 bits of the prefix; of IPv4 all 32, at the top
   * @param low the other 64 bits
   */
  private record Network(boolean four, int length, long high, long low) {
    static Network of(InetAddress address, int length) {
      byte[] bytes = address.getAddress();
      boolean four = bytes.length == 4;
      long high = four ? (long) ByteBuffer.wrap(bytes).getInt() << 32 : ByteBuffer.wrap(bytes).getLong();
      long low = four ? 0 : ByteBuffer.wrap(bytes).getLong(8);
      return new Network(four, length, high & mask(length), low & mask(length - 64));
    }

    private static long mask(int length) {
      return length <= 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    }
  }

  /** Adds a network; false when the text is none. */
  boolean add(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = Names.ipAddress(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return false;
    }
    int bits = address.get().getAddress().length * 8;
    int length = slash < 0 ? bits : length(text.substring(slash + 1));
    if (slash >= 0 && bits == 32 && text.indexOf(':') >= 0) {
      // An IPv4 network written as mapped IPv6.
      length -= 96;
    }
    if (length < 0 || length > bits) {
      return false;
    }
    networks.add(Network.of(address.get(), length));
    (bits == 32 ? lengthsOfFour : lengthsOfSixteen).add(length);
    return true;
  }

  private static int length(String digits) {
    boolean number = digits.matches("[0-9]{1,3}");
    return number ? Integer.parseInt(digits) : -1;
  }

  @Override
  public Found find(Object value) {
    if (value instanceof InetAddress address) {
      return Listing.of(contains(address));
    }
    return Names.ipAddress(value.toString())
        .map(address -> Listing.of(contains(address)))
        .orElse(Found.MALFORMED);
  }

  private boolean contains(InetAddress address) {
    for (int length : address.getAddress().length == 4 ? lengthsOfFour : lengthsOfSixteen) {
      if (networks.contains(Network.of(address, length))) {
        return true;
      }
    }
    return false;
  }
}
