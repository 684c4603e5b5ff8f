package dev.tenon.mixer.evaluate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A URI taken apart as Go's {@code net/url} does, which takes much that RFC 3986 does not ({@code
 * www.istio.io} is a path).
 *
 * @param scheme lower-case; empty for a relative one
 * @param authority null when there is none
 * @param rest path, query and fragment as written
 */
record WebAddress(String scheme, @Nullable String authority, String rest) {
  /** The text as it is; a failure when it is no URI. */
  static Object uri(String text) {
    if (text.isEmpty()) {
      return new Failure("an empty text is no URI");
    }
    return read(text) instanceof Failure failure ? failure : text;
  }

  /** Whether two URIs are the same: schemes caseless, hosts of http and https as DNS names are. */
  static Object same(Object first, Object second) {
    Object one = read((String) first);
    Object other = read((String) second);
    if (!(one instanceof WebAddress a)) {
      return one;
    }
    if (!(other instanceof WebAddress b)) {
      return other;
    }
    if (!a.scheme.equals(b.scheme) || !a.rest.equals(b.rest)) {
      return false;
    }
    if (a.authority == null || b.authority == null) {
      return a.authority == null && b.authority == null;
    }
    boolean web = a.scheme.equals("http") || a.scheme.equals("https");
    return web ? sameHost(a, b) : a.authority.equals(b.authority);
  }

  private static Object sameHost(WebAddress a, WebAddress b) {
    if (!a.user().equals(b.user()) || !a.port().equals(b.port())) {
      return false;
    }
    return a.host().startsWith("[") ? a.host().equals(b.host()) : DnsNames.same(a.host(), b.host());
  }

  /** A WebAddress, or a failure. */
  private static Object read(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
        return new Failure("a URI has no control characters");
      }
    }
    int colon = schemeEnd(text);
    if (colon == 0) {
      return new Failure("\"" + text + "\" is no URI: nothing stands before \":\"");
    }
    String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = text.substring(colon + 1);
    if (scheme.isEmpty() && !rest.startsWith("/") && firstSegment(rest).indexOf(':') >= 0) {
      return new Failure("\"" + text + "\" is no URI: its first path segment has a colon");
    }
    if (!escaped(rest)) {
      return new Failure("\"" + text + "\" is no URI: \"%\" is not followed by two digits");
    }
    if (!rest.startsWith("//") || (scheme.isEmpty() && rest.startsWith("///"))) {
      return new WebAddress(scheme, null, rest);
    }
    int end = 2;
    while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    WebAddress address = new WebAddress(scheme, rest.substring(2, end), rest.substring(end));
    return address.validAuthority()
        ? address
        : new Failure("\"" + text + "\" is no URI: bad host or port");
  }

  /** The place of the colon behind the scheme; -1 when there is none; 0 when nothing is before it. */
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (c == ':') {
        return i;
      }
      if (!letter && (!other || i == 0)) {
        return -1;
      }
    }
    return -1;
  }

  private static String firstSegment(String rest) {
    int end = 0;
    while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    return rest.substring(0, end);
  }

  private static boolean escaped(String rest) {
    int query = rest.indexOf('?');
    int end = query < 0 ? rest.length() : query;
    for (int i = 0; i < end; i++) {
      if (rest.charAt(i) == '%'
          && (i + 2 >= rest.length()
              || Character.digit(rest.charAt(i + 1), 16) < 0
              || Character.digit(rest.charAt(i + 2), 16) < 0)) {
        return false;
      }
    }
    return true;
  }

  private boolean validAuthority() {
    String host = host();
    boolean brackets = host.startsWith("[") ? host.endsWith("]") : host.indexOf(':') < 0;
    return brackets
        && host.chars().noneMatch(c -> c == ' ' || c == '"' || c == '<' || c == '>' || c == '\\')
        && port().chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private String user() {
    return authority == null ? "" : authority.substring(0, authority.lastIndexOf('@') + 1);
  }

  private String hostAndPort() {
    return authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
  }

  private String host() {
    String all = hostAndPort();
    int colon = all.lastIndexOf(':');
    return colon > all.lastIndexOf(']') ? all.substring(0, colon) : all;
  }

  private String port() {
    String all = hostAndPort();
    int colon = all.lastIndexOf(':');
    return colon > all.lastIndexOf(']') ? all.substring(colon + 1) : "";
  }
}
