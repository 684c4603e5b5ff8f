package dev.tenon.proxy.http;

/**
 * Parses heads in one pass: every octet is looked at once, against RFC 9112 sections 2 to 6. Strict:
 * where recipients are known to differ (folding, a bare LF, white space before a colon, two lengths)
 * the message is refused, since whoever reads it next may read it differently.
 */
public final class HeadParser {
  /** The head goes on after these bytes. */
  public static final int INCOMPLETE = 0;

  /** See {@link Head#problem()}. */
  public static final int BAD = -1;

  private HeadParser() {}

  /**
   * Parses the head of a request.
   *
   * @param maxFields more are refused
   * @return the place after the head, {@link #INCOMPLETE} or {@link #BAD}
   */
  public static int request(byte[] bytes, int from, int to, int maxFields, Head head) {
    head.reset(bytes, from);
    int at = requestLine(bytes, from, to, head);
    if (at <= 0) {
      return at;
    }
    at = fields(bytes, at, to, maxFields, head);
    return at <= 0 ? at : Semantics.request(head) ? at : BAD;
  }

  /** Parses the head of a response, likewise. */
  public static int response(byte[] bytes, int from, int to, int maxFields, Head head) {
    head.reset(bytes, from);
    int at = statusLine(bytes, from, to, head);
    if (at <= 0) {
      return at;
    }
    at = fields(bytes, at, to, maxFields, head);
    return at <= 0 ? at : Semantics.response(head) ? at : BAD;
  }

  /**
   * Looks for the end of a head of which a part is known, from where it was left.
   *
   * @return whether parsing is worth while: the empty line is there, or a line that ends wrongly
   */
  public static boolean worthParsing(byte[] bytes, int from, int searched, int to) {
    for (int i = Math.max(from, searched); i < to; i++) {
      if (bytes[i] == '\n' && (i == from || bytes[i - 1] != '\r' || (i - from >= 3 && bytes[i - 2] == '\n'))) {
        return true;
      }
    }
    return false;
  }

  private static int requestLine(byte[] bytes, int from, int to, Head head) {
    int at = from;
    while (at < to && (Octets.of(bytes[at]) & Octets.TOKEN) != 0) {
      at++;
    }
    if (at == to) {
      return INCOMPLETE;
    }
    if (at == from || bytes[at] != ' ') {
      return bad(head, Problem.REQUEST_LINE);
    }
    head.methodEnd = at++;
    head.targetAt = at;
    while (at < to && (Octets.of(bytes[at]) & Octets.TARGET) != 0) {
      at++;
    }
    if (at == to) {
      return INCOMPLETE;
    }
    if (at == head.targetAt || bytes[at] != ' ') {
      return bad(head, Problem.REQUEST_LINE);
    }
    head.targetEnd = at++;
    if (to - at < 10) {
      return partialVersion(bytes, at, to, head);
    }
    if (!version(bytes, at, head)) {
      return bad(head, bytes[at] == 'H' && bytes[at + 4] == '/' ? Problem.VERSION : Problem.REQUEST_LINE);
    }
    at += 8;
    return bytes[at] == '\r' && bytes[at + 1] == '\n' ? at + 2 : bad(head, Problem.LINE_END);
  }

  /** A line that ends within its version is wrong, one that is cut off there may go on. */
  private static int partialVersion(byte[] bytes, int from, int to, Head head) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return bad(head, Problem.REQUEST_LINE);
      }
    }
    return INCOMPLETE;
  }

  private static boolean version(byte[] bytes, int at, Head head) {
    head.minorVersion = bytes[at + 7] - '0';
    return bytes[at] == 'H'
        && bytes[at + 1] == 'T'
        && bytes[at + 2] == 'T'
        && bytes[at + 3] == 'P'
        && bytes[at + 4] == '/'
        && bytes[at + 5] == '1'
        && bytes[at + 6] == '.'
        && (head.minorVersion == 1 || head.minorVersion == 0);
  }

  private static int statusLine(byte[] bytes, int from, int to, Head head) {
    if (to - from < 13) {
      return partialVersion(bytes, from, to, head);
    }
    int status = 0;
    for (int i = from + 9; i < from + 12; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return bad(head, Problem.STATUS_LINE);
      }
      status = status * 10 + digit;
    }
    if (!version(bytes, from, head) || bytes[from + 8] != ' ' || status < 100) {
      return bad(head, Problem.STATUS_LINE);
    }
    head.status = status;
    int at = from + 12;
    if (bytes[at] == ' ') {
      at++;
    } else if (bytes[at] != '\r') {
      return bad(head, Problem.STATUS_LINE);
    }
    head.reasonAt = at;
    while (at < to && (Octets.of(bytes[at]) & Octets.VALUE) != 0) {
      at++;
    }
    head.reasonEnd = at;
    return lineEnd(bytes, at, to, head, Problem.STATUS_LINE);
  }

  private static int lineEnd(byte[] bytes, int at, int to, Head head, Problem otherwise) {
    if (at + 1 >= to) {
      return at < to && bytes[at] != '\r' ? bad(head, bytes[at] == '\n' ? Problem.LINE_END : otherwise) : INCOMPLETE;
    }
    if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
      return at + 2;
    }
    return bad(head, bytes[at] == '\n' || bytes[at] == '\r' ? Problem.LINE_END : otherwise);
  }

  private static int fields(byte[] bytes, int from, int to, int maxFields, Head head) {
    int at = from;
    while (true) {
      if (at >= to) {
        return INCOMPLETE;
      }
      if (bytes[at] == '\r') {
        at = lineEnd(bytes, at, to, head, Problem.LINE_END);
        if (at > 0) {
          head.end = at;
        }
        return at;
      }
      if (head.count == maxFields) {
        return bad(head, Problem.TOO_MANY_FIELDS);
      }
      at = field(bytes, at, to, head);
      if (at <= 0) {
        return at;
      }
    }
  }

  private static int field(byte[] bytes, int from, int to, Head head) {
    int at = from;
    int seen = 0;
    while (at < to) {
      int classes = Octets.of(bytes[at]);
      if ((classes & Octets.TOKEN) == 0) {
        break;
      }
      seen |= classes;
      at++;
    }
    if (at == to) {
      return INCOMPLETE;
    }
    if (at == from || bytes[at] != ':') {
      return bad(head, Problem.FIELD_NAME);
    }
    if ((seen & Octets.ALIAS) != 0) {
      head.aliases = true;
    }
    int nameEnd = at++;
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
      at++;
    }
    int valueAt = at;
    while (at < to && (Octets.of(bytes[at]) & Octets.VALUE) != 0) {
      at++;
    }
    int valueEnd = at;
    while (valueEnd > valueAt && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
      valueEnd--;
    }
    int next = lineEnd(bytes, at, to, head, Problem.FIELD_VALUE);
    if (next > 0) {
      byte number = Name.of(bytes, from, nameEnd);
      head.add(from, nameEnd, valueAt, valueEnd, number);
      if (number != Name.OTHER && !Semantics.field(head, number, valueAt, valueEnd)) {
        return BAD;
      }
    }
    return next;
  }

  private static int bad(Head head, Problem problem) {
    head.problem = problem;
    return BAD;
  }
}
