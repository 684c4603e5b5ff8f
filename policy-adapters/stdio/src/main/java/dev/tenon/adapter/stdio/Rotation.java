package dev.tenon.adapter.stdio;

/**
 * When a file is put aside for a new one.
 *
 * @param octets at most, in one file
 * @param days how long one that was put aside is kept
 * @param files how many of those are kept
 */
record Rotation(long octets, long days, int files) {
  static final Rotation NEVER = new Rotation(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);
}
