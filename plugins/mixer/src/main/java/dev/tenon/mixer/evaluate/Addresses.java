package dev.tenon.mixer.evaluate;

import dev.tenon.spi.config.Names;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses and times. */
final class Addresses {
  private static final Pattern RFC_3339 =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

  private Addresses() {}

  /** An address in its usual forms; a mapped IPv6 address is the IPv4 address that it stands for. */
  static Object ip(String text) {
    Optional<InetAddress> address = Names.ipAddress(text);
    return address.isPresent() ? address.get() : new Failure("\"" + text + "\" is no IP address");
  }

  /** A time as RFC 3339 writes it. */
  static Object timestamp(String text) {
    if (text.length() <= 40 && RFC_3339.matcher(text).matches()) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        // Falls through: a month 13, a second 61.
      }
    }
    return new Failure("\"" + text + "\" is no time as RFC 3339 has it: 2015-01-02T15:04:35Z");
  }
}
