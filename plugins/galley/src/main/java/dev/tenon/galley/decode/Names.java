package dev.tenon.galley.decode;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** The grammars of names: DNS (RFC 1123), IP addresses, labels, HTTP tokens (RFC 9110, 5.6.2). */
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern HOST_LABEL = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~A-Za-z0-9]+");
  private static final Pattern ALL_DIGITS = Pattern.compile("[0-9.]+");

  private Names() {}

  /** At most 63 lower-case letters, digits and dashes. */
  public static boolean isLabel(String text) {
    return text.length() <= 63 && LABEL.matcher(text).matches();
  }

  /** Labels joined by dots, at most 253 characters, lower-case: an object's name. */
  public static boolean isName(String text) {
    return isJoined(text, LABEL);
  }

  /** A host: labels of either case joined by dots, no IP address, at most 253 characters. */
  public static boolean isHost(String text) {
    return isJoined(text, HOST_LABEL) && !(text.indexOf('.') > 0 && ALL_DIGITS.matcher(text).matches());
  }

  /** {@code *.} and a host. */
  public static boolean isWildcardHost(String text) {
    return text.startsWith("*.") && isHost(text.substring(2));
  }

  /** An IPv4 or IPv6 address in full or short form, without a zone. */
  public static boolean isAddress(String text) {
    if (text.length() > 45 || !(IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A label's key: an optional DNS prefix with a slash, and at most 63 characters. */
  public static boolean isLabelKey(String text) {
    int slash = text.indexOf('/');
    String name = text.substring(slash + 1);
    return (slash < 0 || isName(text.substring(0, slash)))
        && name.length() <= 63
        && LABEL_KEY.matcher(name).matches();
  }

  /** A label's value: empty, or at most 63 characters. */
  public static boolean isLabelValue(String text) {
    return text.isEmpty() || (text.length() <= 63 && LABEL_KEY.matcher(text).matches());
  }

  /** A header's name. */
  public static boolean isToken(String text) {
    return text.length() <= 256 && TOKEN.matcher(text).matches();
  }

  private static boolean isJoined(String text, Pattern part) {
    if (text.isEmpty() || text.length() > 253) {
      return false;
    }
    for (String each : text.split("\\.", -1)) {
      if (each.length() > 63 || !part.matcher(each).matches()) {
        return false;
      }
    }
    return true;
  }
}
