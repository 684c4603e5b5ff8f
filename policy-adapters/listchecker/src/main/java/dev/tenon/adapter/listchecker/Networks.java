package dev.tenon.adapter.listchecker;

import dev.tenon.spi.config.Names;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Networks in CIDR form, IPv4 and IPv6, in any number, as sorted ranges of addresses that do not touch: a look-up halves them. A range
 * takes 8 octets, of IPv6 32. An address without a length is a network of one.
 */
final class Networks implements Listing {
  /** First and last address, each in 32 bits; in the order of signed numbers, so the topmost bit is turned. */
  private final long[] four;

  /** First address in two halves, last address in two halves. */
  private final long[] six;

  private Networks(long[] four, long[] six) {
    this.four = four;
    this.six = six;
  }

  /** @throws BadEntry for the first that is no network */
  static Networks of(List<String> entries) throws BadEntry {
    long[] four = new long[entries.size()];
    int fours = 0;
    List<long[]> six = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String text = entries.get(i);
      int slash = text.indexOf('/');
      Optional<InetAddress> address = Names.ipAddress(slash < 0 ? text : text.substring(0, slash));
      int bits = address.map(each -> each.getAddress().length * 8).orElse(0);
      int length = slash < 0 ? bits : length(text.substring(slash + 1));
      if (slash >= 0 && bits == 32 && text.indexOf(':') >= 0) {
        // An IPv4 network written as mapped IPv6.
        length -= 96;
      }
      if (address.isEmpty() || length < 0 || length > bits) {
        throw new BadEntry(i, "\"" + Listing.brief(text) + "\" is no network; write it like 10.57.0.0/16 or 2001:db8::/32");
      }
      if (bits == 32) {
        four[fours++] = range(ByteBuffer.wrap(address.get().getAddress()).getInt(), length);
      } else {
        six.add(range(ByteBuffer.wrap(address.get().getAddress()), length));
      }
    }
    return new Networks(joined(Arrays.copyOf(four, fours)), joined(six));
  }

  private static int length(String digits) {
    boolean number = digits.matches("[0-9]{1,3}");
    return number ? Integer.parseInt(digits) : -1;
  }

  private static long range(int address, int length) {
    int mask = length == 0 ? 0 : -1 << (32 - length);
    int first = address & mask;
    return ((long) first << 32 | Integer.toUnsignedLong(first | ~mask)) ^ Long.MIN_VALUE;
  }

  private static long[] range(ByteBuffer address, int length) {
    long high = mask(length);
    long low = mask(length - 64);
    long first = address.getLong() & high;
    long second = address.getLong() & low;
    return new long[] {first, second, first | ~high, second | ~low};
  }

  private static long mask(int length) {
    return length <= 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
  }

  private static long first(long range) {
    return (range ^ Long.MIN_VALUE) >>> 32;
  }

  private static long last(long range) {
    return range & 0xFFFF_FFFFL;
  }

  private static long[] joined(long[] ranges) {
    Arrays.sort(ranges);
    int kept = 0;
    for (long each : ranges) {
      if (kept > 0 && first(each) <= last(ranges[kept - 1]) + 1) {
        long end = Math.max(last(each), last(ranges[kept - 1]));
        ranges[kept - 1] = (ranges[kept - 1] & ~0xFFFF_FFFFL) | end;
      } else {
        ranges[kept++] = each;
      }
    }
    return Arrays.copyOf(ranges, kept);
  }

  private static long[] joined(List<long[]> ranges) {
    ranges.sort(Comparator.comparing((long[] each) -> each, (one, other) -> compare(one[0], one[1], other[0], other[1])));
    List<long[]> kept = new ArrayList<>();
    for (long[] each : ranges) {
      long[] before = kept.isEmpty() ? null : kept.getLast();
      if (before == null || compare(each[0], each[1], before[2], before[3]) > 0) {
        kept.add(each);
      } else if (compare(each[2], each[3], before[2], before[3]) > 0) {
        before[2] = each[2];
        before[3] = each[3];
      }
    }
    long[] flat = new long[kept.size() * 4];
    for (int i = 0; i < kept.size(); i++) {
      System.arraycopy(kept.get(i), 0, flat, i * 4, 4);
    }
    return flat;
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    int order = Long.compareUnsigned(high, otherHigh);
    return order != 0 ? order : Long.compareUnsigned(low, otherLow);
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
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return bytes.capacity() == 4 ? contains(bytes.getInt()) : contains(bytes.getLong(), bytes.getLong());
  }

  private boolean contains(int address) {
    long sought = Integer.toUnsignedLong(address);
    int from = 0;
    int to = four.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (first(four[middle]) <= sought) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from > 0 && sought <= last(four[from - 1]);
  }

  private boolean contains(long high, long low) {
    int from = 0;
    int to = six.length / 4;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (compare(six[middle * 4], six[middle * 4 + 1], high, low) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from > 0 && compare(high, low, six[from * 4 - 2], six[from * 4 - 1]) <= 0;
  }

  @Override
  public int size() {
    return four.length + six.length / 4;
  }
}
