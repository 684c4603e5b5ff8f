package dev.tenon.mixer.evaluate;

import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses and times. Never asks a name server. */
final class Addresses {
  private static final Pattern RFC_3339 =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

  private Addresses() {}

  /** An address in its usual forms; a mapped IPv6 address is the IPv4 address that it stands for. */
  static Object ip(String text) {
    InetAddress address = text.indexOf(':') >= 0 ? sixteen(text) : four(text);
    return address == null ? new Failure("\"" + text + "\" is no IP address") : address;
  }

  /** Four decimal numbers, and nothing else that {@code ofLiteral} would take. */
  private static @Nullable InetAddress four(String text) {
    int dots = 0;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && digits > 0) {
        dots++;
        digits = 0;
      } else if (c < '0' || c > '9' || ++digits > 3) {
        return null;
      }
    }
    return dots == 3 && digits > 0 ? literal(text) : null;
  }

  private static @Nullable InetAddress sixteen(String text) {
    boolean plain =
        text.length() <= 45
            && text.chars().allMatch(c -> (c < 128 && Character.digit(c, 16) >= 0) || c == ':' || c == '.');
    return plain ? literal(text) : null;
  }

  private static @Nullable InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
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
