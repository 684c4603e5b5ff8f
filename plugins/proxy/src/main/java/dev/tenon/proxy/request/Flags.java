package dev.tenon.proxy.request;

import java.util.StringJoiner;

/** Envoy's response flags, as bits: why an answer is what it is. */
public final class Flags {
  public static final int NONE = 0;
  public static final int NO_ROUTE = 1;
  public static final int NO_CLUSTER = 1 << 1;
  public static final int NO_HEALTHY_UPSTREAM = 1 << 2;
  public static final int UPSTREAM_CONNECTION_FAILURE = 1 << 3;
  public static final int UPSTREAM_OVERFLOW = 1 << 4;
  public static final int UPSTREAM_CONNECTION_TERMINATION = 1 << 5;
  public static final int UPSTREAM_TIMEOUT = 1 << 6;
  public static final int UPSTREAM_RETRY_LIMIT = 1 << 7;
  public static final int UPSTREAM_PROTOCOL_ERROR = 1 << 8;
  public static final int DOWNSTREAM_CONNECTION_TERMINATION = 1 << 9;
  public static final int DOWNSTREAM_PROTOCOL_ERROR = 1 << 10;
  public static final int FAULT_INJECTED = 1 << 11;
  public static final int DELAY_INJECTED = 1 << 12;
  public static final int UNAUTHORIZED = 1 << 13;
  public static final int STREAM_IDLE_TIMEOUT = 1 << 14;

  private static final String[] NAMES = {
    "NR", "NC", "UH", "UF", "UO", "UC", "UT", "URX", "UPE", "DC", "DPE", "FI", "DI", "UAEX", "SI"
  };

  private Flags() {}

  /** As in an access log: {@code -} for none, several with commas. */
  public static String text(int flags) {
    if (flags == NONE) {
      return "-";
    }
    if (Integer.bitCount(flags) == 1) {
      return NAMES[Integer.numberOfTrailingZeros(flags)];
    }
    StringJoiner names = new StringJoiner(",");
    for (int i = 0; i < NAMES.length; i++) {
      if ((flags >>> i & 1) != 0) {
        names.add(NAMES[i]);
      }
    }
    return names.toString();
  }
}
