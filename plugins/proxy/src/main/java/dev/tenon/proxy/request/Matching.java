package dev.tenon.proxy.request;

import com.google.re2j.Pattern;
import dev.tenon.proxy.compile.HeaderMatch;
import dev.tenon.proxy.compile.PathMatch;
import dev.tenon.proxy.compile.QueryMatch;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteMatch;
import dev.tenon.proxy.compile.ValueMatch;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.http.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request. */
public final class Matching {
  private Matching() {}

  /** The first route of a virtual host that matches, or null. */
  public static @Nullable Route find(VirtualHost host, Call call) {
    List<Route> routes = host.routes();
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      if (matches(route.match(), call)) {
        return route;
      }
    }
    return null;
  }

  private static boolean matches(RouteMatch match, Call call) {
    if (!path(match.path(), call)) {
      return false;
    }
    for (int i = 0; i < match.headers().size(); i++) {
      if (!header(match.headers().get(i), call)) {
        return false;
      }
    }
    for (int i = 0; i < match.query().size(); i++) {
      if (!query(match.query().get(i), call)) {
        return false;
      }
    }
    return true;
  }

  private static boolean path(PathMatch match, Call call) {
    byte[] bytes = call.pathBytes();
    int at = call.pathAt();
    int end = call.pathEnd();
    return switch (match) {
      case PathMatch.Prefix(String value, boolean ignoreCase) -> starts(bytes, at, end, value, ignoreCase);
      case PathMatch.Exact(String value, boolean ignoreCase) ->
          end - at == value.length() && starts(bytes, at, end, value, ignoreCase);
      case PathMatch.Segments(String value, boolean ignoreCase) ->
          starts(bytes, at, end, value, ignoreCase)
              && (end - at == value.length() || bytes[at + value.length()] == '/');
      case PathMatch.Regex(Pattern pattern) -> pattern.matches(call.path());
    };
  }

  private static boolean starts(byte[] bytes, int at, int end, String prefix, boolean ignoreCase) {
    int length = prefix.length();
    if (end - at < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int octet = bytes[at + i] & 0xff;
      int wanted = prefix.charAt(i);
      if (octet != wanted && !(ignoreCase && Octets.lower(octet) == Octets.lower(wanted))) {
        return false;
      }
    }
    return true;
  }

  private static boolean header(HeaderMatch match, Call call) {
    String value = headerValue(match.name(), call);
    if (value == null && match.missingIsEmpty()) {
      value = "";
    }
    if (match.value() instanceof ValueMatch.Present(boolean present)) {
      return ((value != null) == present) != match.invert();
    }
    if (value == null) {
      // A missing header matches no condition; inverted that is a match, as in Envoy.
      return match.invert();
    }
    if (match.value() instanceof ValueMatch.Regex(Pattern pattern)) {
      String decoded = utf8(value);
      return decoded != null && pattern.matches(decoded) != match.invert();
    }
    return value(match.value(), value) != match.invert();
  }

  private static @Nullable String headerValue(String name, Call call) {
    return switch (name) {
      case ":method" -> call.method();
      case ":authority", "host" -> call.authority();
      case ":path" -> call.pathAndQuery();
      case ":scheme" -> "http";
      default -> call.head().joined(name);
    };
  }

  private static boolean query(QueryMatch match, Call call) {
    String value = Queries.first(call.pathBytes(), call.pathEnd(), call.targetEnd(), match.name());
    if (match.value() instanceof ValueMatch.Present(boolean present)) {
      return (value != null) == present;
    }
    return value != null && value(match.value(), value);
  }

  private static boolean value(ValueMatch match, String value) {
    return switch (match) {
      case ValueMatch.Exact(String wanted, boolean ignoreCase) ->
          ignoreCase ? wanted.equalsIgnoreCase(value) : wanted.equals(value);
      case ValueMatch.Prefix(String wanted, boolean ignoreCase) ->
          value.regionMatches(ignoreCase, 0, wanted, 0, wanted.length());
      case ValueMatch.Suffix(String wanted, boolean ignoreCase) ->
          value.regionMatches(ignoreCase, value.length() - wanted.length(), wanted, 0, wanted.length());
      case ValueMatch.Contains(String wanted, boolean ignoreCase) ->
          ignoreCase
              ? value.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT))
              : value.contains(wanted);
      case ValueMatch.Regex(Pattern pattern) -> {
        String decoded = utf8(value);
        yield decoded != null && pattern.matches(decoded);
      }
      case ValueMatch.Present(boolean present) -> present;
    };
  }

  /** Octets as UTF-8 text; null when they are none, which then matches nothing, inverted or not. */
  private static @Nullable String utf8(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) > 0x7f) {
        try {
          return StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
              .toString();
        } catch (CharacterCodingException e) {
          return null;
        }
      }
    }
    return latin1;
  }
}
