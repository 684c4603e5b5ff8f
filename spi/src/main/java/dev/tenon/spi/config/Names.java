package dev.tenon.spi.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What names, labels and addresses look like, as Kubernetes has them (RFC 1123 names, its label
 * syntax), so that one configuration means the same on every platform.
 */
public final class Names {
  /** What to tell someone whose name is no DNS label. */
  public static final String DNS_LABEL =
      "a DNS label: at most 63 lower-case letters, digits and hyphens, with no hyphen at either end";

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern QUALIFIED = Pattern.compile("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");
  private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  private Names() {}

  /** A DNS label in lower case (RFC 1123): names of services, namespaces, workloads. */
  public static boolean isDnsLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  /** DNS labels joined by dots, at most 253 characters: names of service accounts, hosts. */
  public static boolean isDnsSubdomain(String text) {
    if (text.length() > 253) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (!isDnsLabel(label)) {
        return false;
      }
    }
    return true;
  }

  /** A label's key: a name of at most 63 characters, with a DNS prefix and a slash before it or not. */
  public static boolean isLabelKey(String text) {
    int slash = text.indexOf('/');
    return (slash < 0 || isDnsSubdomain(text.substring(0, slash)))
        && QUALIFIED.matcher(text.substring(slash + 1)).matches();
  }

  /** A label's value: nothing, or at most 63 letters, digits, {@code - _ .}, a letter or digit at each end. */
  public static boolean isLabelValue(String text) {
    return text.isEmpty() || QUALIFIED.matcher(text).matches();
  }

  /**
   * Reads an IP address literal; never asks a name server. Empty for names, for short and octal forms
   * of IPv4, and for IPv6 with a zone.
   */
  public static Optional<InetAddress> ipAddress(String text) {
    boolean four = IPV4.matcher(text).matches();
    if (!four && !(text.indexOf(':') >= 0 && IPV6.matcher(text).matches())) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
