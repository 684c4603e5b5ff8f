package dev.tenon.adapter.listchecker;

import java.net.InetAddress;

/** A list that values are looked up in. Immutable. */
interface Listing {
  /** Whether a value is in the list. */
  Found find(Object value);

  /** How many entries are kept; of networks, how many ranges they come to. */
  int size();

  /** What a look-up gives. */
  enum Found {
    YES,
    NO,
    /** The value is none of this kind of list. */
    MALFORMED
  }

  /** For lists that know every value as an answer. */
  static Found of(boolean found) {
    return found ? Found.YES : Found.NO;
  }

  /** A value as it is compared with texts, and told. */
  static String text(Object value) {
    return value instanceof InetAddress address ? address.getHostAddress() : value.toString();
  }

  /** As much of an entry as fits into a message. */
  static String brief(String entry) {
    return entry.length() <= 100 ? entry : entry.substring(0, 100) + "…";
  }
}
