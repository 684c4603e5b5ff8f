package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.compile.HttpSpec.CallerIdentity;
import dev.tenon.proxy.compile.PathMatch;
import dev.tenon.proxy.compile.PathRewrite;
import dev.tenon.proxy.compile.Rewrite;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.http.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes the head that an upstream sees. Lines that stay are copied in runs as they came. One for each
 * loop; not thread-safe.
 */
public final class RequestWriter {
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] HOST = ascii("host: ");
  private static final byte[] REQUEST_ID = ascii("x-request-id: ");
  private static final byte[] FORWARDED_FOR = ascii("x-forwarded-for: ");
  private static final byte[] FORWARDED_PROTO = ascii("x-forwarded-proto: http\r\n");
  private static final byte[] ORIGINAL_PATH = ascii("x-envoy-original-path: ");

  private final Edits edits = new Edits();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes a head.
   *
   * @param clusterOps changes that come with the chosen cluster
   * @param identity what is said of the caller
   */
  public void write(Bytes out, Call call, Route route, HeaderOps clusterOps, Rewrite rewrite, CallerIdentity identity) {
    Head head = call.head();
    edits.clear();
    if (head.connections() > 0) {
      HopByHop.drop(head, edits);
    }
    edits.apply(clusterOps, head);
    edits.apply(route.request(), head);
    boolean newPath = !(rewrite.path() instanceof PathRewrite.Keep);
    line(out, call, route, rewrite);
    boolean newHost = !rewrite.host().isEmpty() || call.target().absolute();
    if (newHost) {
      out.put(HOST);
      if (rewrite.host().isEmpty()) {
        int at = call.target().authorityAt();
        out.put(head.bytes(), at, call.target().authorityEnd() - at);
      } else {
        out.put(rewrite.host());
      }
      out.line();
    }
    if (!newHost && head.host() < 0) {
      // HTTP/1.0 may leave it out, 1.1 may not (RFC 9112 section 3.2).
      out.put(HOST).line();
    }
    fields(out, head, newHost, identity);
    additions(out, call, identity);
    if (newPath) {
      out.put(ORIGINAL_PATH).put(call.pathBytes(), call.pathAt(), call.targetEnd() - call.pathAt()).line();
    }
    edits.putAdded(out);
    out.line();
  }

  private static void line(Bytes out, Call call, Route route, Rewrite rewrite) {
    byte[] path = call.pathBytes();
    int at = call.pathAt();
    out.put(call.head().bytes(), call.head().start(), call.head().methodEnd() - call.head().start() + 1);
    switch (rewrite.path()) {
      case PathRewrite.Keep keep -> out.put(path, at, call.targetEnd() - at);
      case PathRewrite other -> out.put(rewritten(call, route, other)).put(path, call.pathEnd(), call.targetEnd() - call.pathEnd());
    }
    out.put(VERSION);
  }

  /** The path that a rewrite makes; never anything that could end the line. */
  static String rewritten(Call call, Route route, PathRewrite rewrite) {
    String path = call.path();
    String made =
        switch (rewrite) {
          case PathRewrite.Keep keep -> path;
          case PathRewrite.Whole(String replacement) -> replacement;
          case PathRewrite.Prefix(String replacement) ->
              replacement + path.substring(Math.min(matched(route.match().path(), path), path.length()));
          case PathRewrite.Regex(com.google.re2j.Pattern pattern, String substitution) ->
              pattern.matcher(path).replaceAll(substitution);
        };
    StringBuilder safe = new StringBuilder(made.length() + 1);
    if (!made.startsWith("/")) {
      safe.append('/');
    }
    for (int i = 0; i < made.length(); i++) {
      char c = made.charAt(i);
      if (c > 0x20 && c < 0x7f) {
        safe.append(c);
      } else {
        safe.append(String.format(Locale.ROOT, "%%%02X", c & 0xff));
      }
    }
    return safe.toString();
  }

  private static int matched(PathMatch match, String path) {
    return switch (match) {
      case PathMatch.Prefix prefix -> prefix.value().length();
      case PathMatch.Segments segments -> segments.value().length();
      case PathMatch.Exact exact -> exact.value().length();
      case PathMatch.Regex regex -> path.length();
    };
  }

  private void fields(Bytes out, Head head, boolean newHost, CallerIdentity identity) {
    byte[] bytes = head.bytes();
    boolean edited = edits.any();
    int run = -1;
    for (int field = 0; field < head.count(); field++) {
      boolean keep = keep(head, field, newHost, identity) && !(edited && edits.drops(field));
      if (keep && run < 0) {
        run = head.lineAt(field);
      } else if (!keep && run >= 0) {
        out.put(bytes, run, head.lineAt(field) - run);
        run = -1;
      }
    }
    if (run >= 0) {
      out.put(bytes, run, head.lineAt(head.count()) - run);
    }
  }

  private static boolean keep(Head head, int field, boolean newHost, CallerIdentity identity) {
    boolean edge = identity.useRemoteAddress();
    return switch (head.number(field)) {
      case Name.CONNECTION,
          Name.KEEP_ALIVE,
          Name.PROXY_CONNECTION,
          Name.TE,
          Name.TRAILER,
          Name.UPGRADE,
          Name.HTTP2_SETTINGS,
          Name.EXPECT ->
          false;
      case Name.HOST -> !newHost;
      case Name.FORWARDED_FOR, Name.FORWARDED_PROTO, Name.ENVOY -> !edge;
      case Name.OTHER -> !(edge && head.aliases() && alias(head, field));
      default -> true;
    };
  }

  /** Whether a name with underscores or dots would read as a protected one behind a careless backend. */
  private static boolean alias(Head head, int field) {
    String name = Octets.text(head.bytes(), head.nameAt(field), head.nameEnd(field)).toLowerCase(Locale.ROOT);
    String plain = name.replace('_', '-').replace('.', '-');
    return !plain.equals(name) && HopByHop.isProtected(plain);
  }

  private void additions(Bytes out, Call call, CallerIdentity identity) {
    byte[] requestId = call.madeRequestId();
    if (requestId != null) {
      out.put(REQUEST_ID).put(requestId).line();
    }
    if (identity.useRemoteAddress()) {
      forwardedFor(out, call, identity.trustedHops());
    }
    if (identity.useRemoteAddress() || call.head().find(Name.FORWARDED_PROTO) < 0) {
      out.put(FORWARDED_PROTO);
    }
  }

  private static void forwardedFor(Bytes out, Call call, int trustedHops) {
    out.put(FORWARDED_FOR);
    if (trustedHops > 0) {
      String before = call.head().joined("x-forwarded-for");
      if (before != null && !before.isEmpty()) {
        out.put(before).put(',');
      }
    }
    out.put(call.peer() == null ? "unknown" : call.peer().getAddress().getHostAddress()).line();
  }
}
