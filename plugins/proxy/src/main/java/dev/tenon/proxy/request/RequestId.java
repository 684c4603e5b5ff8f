package dev.tenon.proxy.request;

/** Identities of requests: UUIDs of version 4 (RFC 9562), of random bits that need not be secret. */
final class RequestId {
  static final int LENGTH = 36;
  private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private RequestId() {}

  static void write(byte[] to, long high, long low) {
    long first = (high & 0xffffffffffff0fffL) | 0x4000L;
    long second = (low & 0x3fffffffffffffffL) | 0x8000000000000000L;
    int at = digits(to, 0, first, 60, 8);
    to[at++] = '-';
    at = digits(to, at, first, 28, 4);
    to[at++] = '-';
    at = digits(to, at, first, 12, 4);
    to[at++] = '-';
    at = digits(to, at, second, 60, 4);
    to[at++] = '-';
    digits(to, at, second, 44, 12);
  }

  private static int digits(byte[] to, int at, long bits, int shift, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = HEX[(int) (bits >>> (shift - 4 * i)) & 0xf];
    }
    return at + count;
  }
}
