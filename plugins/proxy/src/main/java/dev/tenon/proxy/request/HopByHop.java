package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.http.Octets;
import java.util.List;

/**
 * Fields for one connection only (RFC 9110 section 7.6.1). Those that Connection names go too, save
 * those that say who is calling: a caller may not make a proxy drop what the next one relies on.
 */
final class HopByHop {
  private static final List<String> PROTECTED_NAMES =
      List.of(
          "host", "authorization", "cookie", "set-cookie", "forwarded", "via", "content-length",
          "transfer-encoding", "content-type", "x-request-id", "x-real-ip", "traceparent", "tracestate", "b3",
          "cache-control", "location", "server", "date");
  private static final List<String> PROTECTED_BEGINNINGS =
      List.of("x-forwarded-", "x-envoy-", "x-tenon-", "x-b3-");

  private HopByHop() {}

  /** Drops the fields that a head's Connection names. */
  static void drop(Head head, Edits edits) {
    for (int field = 0; field < head.count(); field++) {
      if (head.number(field) == Name.CONNECTION) {
        tokens(head, head.valueAt(field), head.valueEnd(field), edits);
      }
    }
  }

  private static void tokens(Head head, int from, int to, Edits edits) {
    byte[] bytes = head.bytes();
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && bytes[end] != ',') {
        end++;
      }
      int begin = at;
      int last = end;
      while (begin < last && (bytes[begin] == ' ' || bytes[begin] == '\t')) {
        begin++;
      }
      while (last > begin && (bytes[last - 1] == ' ' || bytes[last - 1] == '\t')) {
        last--;
      }
      if (last > begin && !plain(bytes, begin, last)) {
        named(head, Octets.text(bytes, begin, last).toLowerCase(java.util.Locale.ROOT), edits);
      }
      at = end + 1;
    }
  }

  /** The words that stand there in nearly every message, and name no field. */
  private static boolean plain(byte[] bytes, int from, int to) {
    return Octets.equalsLower(bytes, from, to, "keep-alive") || Octets.equalsLower(bytes, from, to, "close");
  }

  private static void named(Head head, String name, Edits edits) {
    if (isProtected(name)) {
      return;
    }
    for (int field = head.find(name, 0); field >= 0; field = head.find(name, field + 1)) {
      edits.drop(field);
    }
  }

  /** Whether a name says who is calling or frames the message. */
  static boolean isProtected(String name) {
    return PROTECTED_NAMES.contains(name) || PROTECTED_BEGINNINGS.stream().anyMatch(name::startsWith);
  }
}
