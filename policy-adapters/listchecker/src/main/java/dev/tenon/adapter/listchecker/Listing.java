package dev.tenon.adapter.listchecker;

/** A list that values are looked up in. Immutable. */
interface Listing {
  /** Whether a value is in the list. */
  Found find(Object value);

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
}
