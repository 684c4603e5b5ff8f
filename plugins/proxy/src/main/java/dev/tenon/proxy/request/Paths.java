package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HttpSpec.EscapedSlashes;
import dev.tenon.proxy.compile.HttpSpec.PathNormalization;
import dev.tenon.proxy.http.Octets;

/**
 * Makes paths normal (RFC 3986 section 6.2.2, as Envoy's {@code normalize_path} does) so that what is
 * matched is what the upstream sees: backslashes are slashes, escapes of unreserved characters are
 * undone, dot segments resolved, runs of slashes merged.
 */
public final class Paths {
  private Paths() {}

  /** Makes a call's path normal. False: it must be refused. */
  public static boolean normalize(Call call, PathNormalization how) {
    byte[] bytes = call.pathBytes();
    int at = call.pathAt();
    int end = call.pathEnd();
    if (at == end) {
      return emptyPath(call);
    }
    if (bytes[at] != '/') {
      return bytes[at] == '*' && end - at == 1;
    }
    if (!how.normalize() || plain(bytes, at, end)) {
      return true;
    }
    byte[] normal = new byte[call.targetEnd() - at + 1];
    int size = unescape(bytes, at, end, normal, how);
    if (size < 0) {
      return false;
    }
    size = segments(normal, size, how.mergeSlashes());
    if (size < 0) {
      return false;
    }
    int query = call.targetEnd() - end;
    System.arraycopy(bytes, end, normal, size, query);
    call.path(normal, 0, size, size + query);
    return true;
  }

  private static boolean emptyPath(Call call) {
    int query = call.targetEnd() - call.pathEnd();
    byte[] root = new byte[1 + query];
    root[0] = '/';
    System.arraycopy(call.pathBytes(), call.pathEnd(), root, 1, query);
    call.path(root, 0, 1, 1 + query);
    return true;
  }

  /** Whether nothing in a path could change. */
  private static boolean plain(byte[] bytes, int from, int to) {
    byte before = 0;
    for (int i = from; i < to; i++) {
      byte octet = bytes[i];
      if ((before == '/' && (octet == '/' || octet == '.')) || Octets.pathCare(octet)) {
        return false;
      }
      before = octet;
    }
    return true;
  }

  private static int unescape(byte[] bytes, int from, int to, byte[] out, PathNormalization how) {
    int size = 0;
    for (int i = from; i < to; i++) {
      int octet = bytes[i];
      if (octet == '\\') {
        out[size++] = '/';
        continue;
      }
      if (octet != '%') {
        out[size++] = (byte) octet;
        continue;
      }
      int high = i + 2 < to ? Octets.hex(bytes[i + 1]) : -1;
      int low = i + 2 < to ? Octets.hex(bytes[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return -1;
      }
      int value = high << 4 | low;
      i += 2;
      boolean slash = value == '/' || value == '\\';
      if (value == 0 || (slash && how.escapedSlashes() == EscapedSlashes.REJECT)) {
        return -1;
      }
      if (unreserved(value)) {
        out[size++] = (byte) value;
      } else if (slash && how.escapedSlashes() == EscapedSlashes.UNESCAPE) {
        out[size++] = '/';
      } else {
        out[size++] = '%';
        out[size++] = (byte) Character.toUpperCase(bytes[i - 1]);
        out[size++] = (byte) Character.toUpperCase(bytes[i]);
      }
    }
    return size;
  }

  private static boolean unreserved(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '.'
        || octet == '_'
        || octet == '~';
  }

  /** Resolves segments in place: reading is never behind writing. */
  private static int segments(byte[] path, int size, boolean merge) {
    int out = 0;
    int at = 0;
    while (at < size) {
      // path[at] is a slash; the segment follows.
      int end = at + 1;
      while (end < size && path[end] != '/') {
        end++;
      }
      int length = end - at - 1;
      boolean dot = length >= 1 && path[at + 1] == '.';
      if (dot && parameterised(path, at + 1, end)) {
        return -1;
      }
      boolean last = end == size;
      if (dot && length == 1) {
        out = last ? slash(path, out) : out;
      } else if (dot && length == 2 && path[at + 2] == '.') {
        while (out > 0 && path[--out] != '/') {}
        out = last ? slash(path, out) : out;
      } else if (length > 0 || !merge || (last && (out == 0 || path[out - 1] != '/'))) {
        System.arraycopy(path, at, path, out, end - at);
        out += end - at;
      }
      at = end;
    }
    return out == 0 ? slash(path, 0) : out;
  }

  private static int slash(byte[] path, int at) {
    path[at] = '/';
    return at + 1;
  }

  /** {@code ..;a=b}: servlet containers take it for {@code ..}, others for a name. Nobody means it. */
  private static boolean parameterised(byte[] path, int from, int to) {
    int dots = from;
    while (dots < to && path[dots] == '.') {
      dots++;
    }
    return dots - from <= 2 && dots < to && path[dots] == ';';
  }
}
