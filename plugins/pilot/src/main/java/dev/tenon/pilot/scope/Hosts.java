package dev.tenon.pilot.scope;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** Host names with and without a wildcard, as rules have them: {@code a.b.c}, {@code *.b.c}, {@code *}. */
final class Hosts {
  private Hosts() {}

  static boolean isWildcard(String host) {
    return host.startsWith("*");
  }

  /** Whether every name that one host stands for is meant by a pattern too. */
  static boolean covers(String pattern, String host) {
    if (pattern.equals(host) || pattern.equals("*")) {
      return true;
    }
    return isWildcard(pattern)
        && !host.equals("*")
        && host.length() > pattern.length() - 1
        && host.endsWith(pattern.substring(1));
  }

  /** What both of two hosts stand for: the narrower one, if they meet at all. */
  static Optional<String> both(String one, String other) {
    if (covers(one, other)) {
      return Optional.of(other);
    }
    return covers(other, one) ? Optional.of(one) : Optional.empty();
  }

  /**
   * How callers in a namespace may write a host: a canonical one also without the mesh's domain, and
   * without its namespace where that is the caller's own.
   */
  static SequencedSet<String> forms(String host, String domain, String callerNamespace) {
    SequencedSet<String> forms = new LinkedHashSet<>();
    forms.add(host);
    String suffix = ".svc." + domain;
    if (!isWildcard(host) && host.endsWith(suffix)) {
      String inner = host.substring(0, host.length() - suffix.length());
      int dot = inner.indexOf('.');
      if (dot > 0 && inner.indexOf('.', dot + 1) < 0) {
        forms.add(inner + ".svc");
        forms.add(inner);
        if (inner.substring(dot + 1).equals(callerNamespace)) {
          forms.add(inner.substring(0, dot));
        }
      }
    }
    return forms;
  }

  /** The namespace in a canonical host; empty in any other. */
  static String namespaceIn(String host, String domain) {
    String suffix = ".svc." + domain;
    if (isWildcard(host) || !host.endsWith(suffix)) {
      return "";
    }
    String inner = host.substring(0, host.length() - suffix.length());
    return inner.substring(inner.lastIndexOf('.') + 1);
  }
}
