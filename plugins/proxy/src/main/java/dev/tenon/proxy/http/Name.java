package dev.tenon.proxy.http;

/** Numbers for the field names that a proxy looks at; everything else is {@link #OTHER}. */
public final class Name {
  public static final byte OTHER = 0;
  public static final byte HOST = 1;
  public static final byte CONNECTION = 2;
  public static final byte CONTENT_LENGTH = 3;
  public static final byte TRANSFER_ENCODING = 4;
  public static final byte KEEP_ALIVE = 5;
  public static final byte PROXY_CONNECTION = 6;
  public static final byte TE = 7;
  public static final byte TRAILER = 8;
  public static final byte UPGRADE = 9;
  public static final byte EXPECT = 10;
  public static final byte SERVER = 11;
  public static final byte DATE = 12;
  public static final byte REQUEST_ID = 13;
  public static final byte FORWARDED_FOR = 14;
  public static final byte FORWARDED_PROTO = 15;
  public static final byte USER_AGENT = 16;
  public static final byte HTTP2_SETTINGS = 17;

  /** Any {@code x-envoy-…}: only proxies of the mesh may say it. */
  public static final byte ENVOY = 18;

  private Name() {}

  /** The number of a name: by its length first, so that most names cost one comparison at most. */
  static byte of(byte[] bytes, int from, int to) {
    return switch (to - from) {
      case 2 -> is(bytes, from, to, "te", TE);
      case 4 -> Octets.lower(bytes[from]) == 'h' ? is(bytes, from, to, "host", HOST) : is(bytes, from, to, "date", DATE);
      case 6 -> Octets.lower(bytes[from]) == 'e' ? is(bytes, from, to, "expect", EXPECT) : is(bytes, from, to, "server", SERVER);
      case 7 -> Octets.lower(bytes[from]) == 'u' ? is(bytes, from, to, "upgrade", UPGRADE) : is(bytes, from, to, "trailer", TRAILER);
      case 10 -> ofTen(bytes, from, to);
      case 12 -> is(bytes, from, to, "x-request-id", REQUEST_ID);
      case 14 -> orEnvoy(bytes, from, to, is(bytes, from, to, "content-length", CONTENT_LENGTH));
      case 15 -> orEnvoy(bytes, from, to, is(bytes, from, to, "x-forwarded-for", FORWARDED_FOR));
      case 16 -> orEnvoy(bytes, from, to, is(bytes, from, to, "proxy-connection", PROXY_CONNECTION));
      case 17 ->
          Octets.lower(bytes[from]) == 't'
              ? is(bytes, from, to, "transfer-encoding", TRANSFER_ENCODING)
              : orEnvoy(bytes, from, to, is(bytes, from, to, "x-forwarded-proto", FORWARDED_PROTO));
      default -> to - from > 8 ? orEnvoy(bytes, from, to, OTHER) : OTHER;
    };
  }

  private static byte ofTen(byte[] bytes, int from, int to) {
    return switch (Octets.lower(bytes[from])) {
      case 'c' -> is(bytes, from, to, "connection", CONNECTION);
      case 'k' -> is(bytes, from, to, "keep-alive", KEEP_ALIVE);
      case 'u' -> is(bytes, from, to, "user-agent", USER_AGENT);
      default -> orEnvoy(bytes, from, to, OTHER);
    };
  }

  private static byte is(byte[] bytes, int from, int to, String lower, byte number) {
    return Octets.equalsLower(bytes, from, to, lower) ? number : OTHER;
  }

  private static byte orEnvoy(byte[] bytes, int from, int to, byte found) {
    if (found != OTHER) {
      return found;
    }
    if (bytes[from + 1] == '-' && Octets.startsLower(bytes, from, to, "x-envoy-")) {
      return ENVOY;
    }
    return to - from == 14 && Octets.equalsLower(bytes, from, to, "http2-settings") ? HTTP2_SETTINGS : OTHER;
  }
}
