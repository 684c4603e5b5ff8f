package dev.tenon.proxy.http;

/**
 * The parts of a request's target (RFC 9112 section 3.2) as positions in the head's bytes. Used again
 * for the next request; not thread-safe.
 */
public final class Target {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  int authorityAt;
  int authorityEnd;
  int pathAt;
  int pathEnd;
  int end;
  boolean absolute;

  /** Takes a head's target apart. False: it is malformed, and the head says what is wrong. */
  public boolean read(Head head) {
    byte[] bytes = head.bytes;
    int at = head.targetAt;
    end = head.targetEnd;
    absolute = bytes[at] != '/';
    if (absolute) {
      if (!absolute(head)) {
        return false;
      }
    } else {
      pathAt = at;
      authorityAt = head.hostIndex < 0 ? at : head.valueAt(head.hostIndex);
      authorityEnd = head.hostIndex < 0 ? at : head.valueEnd(head.hostIndex);
    }
    pathEnd = pathAt;
    while (pathEnd < end && bytes[pathEnd] != '?') {
      pathEnd++;
    }
    return Semantics.authority(bytes, authorityAt, authorityEnd) || bad(head, Problem.HOST);
  }

  /** There is none. */
  public void nothing() {
    authorityAt = 0;
    authorityEnd = 0;
    pathAt = 0;
    pathEnd = 0;
    end = 0;
    absolute = false;
  }

  private boolean absolute(Head head) {
    byte[] bytes = head.bytes;
    int at = head.targetAt;
    if (bytes[at] == '*' && end - at == 1 && head.method("OPTIONS")) {
      absolute = false;
      pathAt = at;
      authorityAt = head.hostIndex < 0 ? at : head.valueAt(head.hostIndex);
      authorityEnd = head.hostIndex < 0 ? at : head.valueEnd(head.hostIndex);
      return true;
    }
    if (Octets.startsLower(bytes, at, end, HTTP)) {
      at += HTTP.length();
    } else if (Octets.startsLower(bytes, at, end, HTTPS)) {
      at += HTTPS.length();
    } else {
      return bad(head, Problem.TARGET);
    }
    authorityAt = at;
    while (at < end && bytes[at] != '/' && bytes[at] != '?') {
      at++;
    }
    authorityEnd = at;
    pathAt = at;
    return authorityEnd > authorityAt || bad(head, Problem.TARGET);
  }

  private static boolean bad(Head head, Problem problem) {
    head.problem = problem;
    return false;
  }

  /** Whether the target named a scheme and a host, as to a proxy. */
  public boolean absolute() {
    return absolute;
  }

  public int authorityAt() {
    return authorityAt;
  }

  public int authorityEnd() {
    return authorityEnd;
  }

  public int pathAt() {
    return pathAt;
  }

  /** The place after the path: the query with its question mark, or the target's end. */
  public int pathEnd() {
    return pathEnd;
  }

  public int end() {
    return end;
  }
}
