package dev.tenon.proxy.loop;

import dev.tenon.proxy.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date header (RFC 9110 section 6.6.1), written anew once a second. */
public final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private byte[] line = new byte[0];

  /** Puts the whole line. */
  public void put(Bytes out) {
    long now = System.currentTimeMillis() / 1000;
    if (now != second) {
      second = now;
      line = ("date: " + FORMAT.format(Instant.ofEpochSecond(now)) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
    out.put(line);
  }
}
