package dev.tenon.mixer.evaluate;

import org.jspecify.annotations.Nullable;

/** E-mail addresses: a mailbox of RFC 5322 without a display name, perhaps in angle brackets. */
final class Mail {
  private static final String ATOM_SIGNS = "!#$%&'*+-/=?^_`{|}~";

  private Mail() {}

  /**
   * A mailbox.
   *
   * @param local what stands before the last @
   * @param domain what stands behind it
   */
  private record Mailbox(String local, String domain) {}

  /** The text as it is; a failure when it is no address. */
  static Object email(String text) {
    Mailbox mailbox = read(text);
    if (mailbox == null || DnsNames.dnsName(mailbox.domain()) instanceof Failure) {
      return new Failure("\"" + text + "\" is no e-mail address without a display name");
    }
    return text;
  }

  /** Whether two addresses are the same; the domain as DNS names are, what is before it as written. */
  static Object same(Object first, Object second) {
    Mailbox one = read((String) first);
    Mailbox other = read((String) second);
    if (one == null || other == null) {
      return new Failure("\"" + (one == null ? first : second) + "\" is no e-mail address");
    }
    Object domains = DnsNames.same(one.domain(), other.domain());
    return domains.equals(true) ? (Object) one.local().equals(other.local()) : domains;
  }

  private static @Nullable Mailbox read(String text) {
    String bare = text.strip();
    if (bare.startsWith("<") && bare.endsWith(">")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    int at = bare.lastIndexOf('@');
    if (at <= 0 || bare.length() > 320) {
      return null;
    }
    String local = bare.substring(0, at);
    String domain = bare.substring(at + 1);
    return (dotAtom(local) || quoted(local)) && dotAtom(domain) ? new Mailbox(local, domain) : null;
  }

  private static boolean dotAtom(String text) {
    boolean afterDot = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' ? afterDot : !atom(c)) {
        return false;
      }
      afterDot = c == '.';
    }
    return !afterDot;
  }

  private static boolean atom(char c) {
    return c >= 0x80
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || ATOM_SIGNS.indexOf(c) >= 0;
  }

  private static boolean quoted(String text) {
    if (text.length() < 3 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return false;
    }
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' ? ++i >= text.length() - 1 : c == '"' || c < ' ') {
        return false;
      }
    }
    return true;
  }
}
