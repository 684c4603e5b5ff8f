package dev.tenon.proxy.report;

import java.util.Map;
import java.util.TreeMap;

/** The series of all loops with one key, added up. */
final class SeriesTotal {
  /** Requests by status and flags. */
  final Map<Long, Long> kinds = new TreeMap<>();

  final long[] buckets = new long[Series.BOUNDS.length + 1];
  long nanos;
}
