package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.http.Octets;
import dev.tenon.proxy.loop.HttpDate;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the heads that callers see. One for each loop; not thread-safe. */
public final class ResponseWriter {
  /** How the rest of an answer is framed for the caller. */
  public enum Framing {
    /** As it came. */
    SAME,
    /** Made into chunks, since its end is not known. */
    CHUNKED,
    /** Chunks undone: the end of the connection ends it. */
    UNTIL_CLOSE
  }

  /** What happens to the caller's connection afterwards. */
  public enum Connection {
    /** Stays, and that goes without saying. */
    KEPT,
    /** Stays, which a client of HTTP/1.0 has to be told. */
    KEPT_SAID,
    /** Is closed. */
    CLOSED
  }

  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] SERVER = ascii("server: tenon\r\n");
  private static final byte[] SERVICE_TIME = ascii("x-envoy-upstream-service-time: ");
  private static final byte[] CLOSE = ascii("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] PLAIN_TEXT = ascii("content-type: text/plain\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(204, "No Content"),
          Map.entry(301, "Moved Permanently"),
          Map.entry(302, "Found"),
          Map.entry(303, "See Other"),
          Map.entry(304, "Not Modified"),
          Map.entry(307, "Temporary Redirect"),
          Map.entry(308, "Permanent Redirect"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Payload Too Large"),
          Map.entry(417, "Expectation Failed"),
          Map.entry(418, "I'm a teapot"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"),
          Map.entry(505, "HTTP Version Not Supported"));

  private final Edits edits = new Edits();
  private final ResponseView view = new ResponseView();
  private final HttpDate date;
  private final byte[] always;

  /**
   * A writer.
   *
   * @param build goes into {@code x-tenon-build} of every answer; empty: no such header
   */
  public ResponseWriter(HttpDate date, String build) {
    this.date = date;
    this.always = build.isEmpty() ? SERVER : ascii("server: tenon\r\nx-tenon-build: " + build + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes the head of an upstream's answer.
   *
   * @param word null: nobody has one
   * @return false when that does not let the answer pass; then nothing was written
   */
  public boolean relayed(
      Bytes out,
      Head head,
      HeaderOps clusterOps,
      HeaderOps routeOps,
      long millis,
      Framing framing,
      Connection connection,
      @Nullable LastWord word) {
    edits.clear();
    if (head.connections() > 0) {
      HopByHop.drop(head, edits);
    }
    edits.apply(clusterOps, head);
    edits.apply(routeOps, head);
    if (word != null && !said(word, head, head.status(), false)) {
      return false;
    }
    byte[] bytes = head.bytes();
    int code = head.start() + 9;
    out.put(VERSION).put(bytes, code, 3).put(' ').put(bytes, head.reasonAt(), head.reasonEnd() - head.reasonAt()).line();
    boolean dated = fields(out, head, framing);
    if (!dated && !edits.adds("date")) {
      date.put(out);
    }
    out.put(always).put(SERVICE_TIME).putNumber(millis).line();
    if (framing == Framing.CHUNKED) {
      out.put(CHUNKED);
    }
    connection(out, connection);
    edits.putAdded(out);
    out.line();
    return true;
  }

  private boolean said(LastWord word, Head head, int status, boolean own) {
    try {
      return word.say(view.show(head, edits, status, own));
    } finally {
      view.takeBack();
    }
  }

  private boolean fields(Bytes out, Head head, Framing framing) {
    byte[] bytes = head.bytes();
    boolean edited = edits.any();
    boolean dated = false;
    int run = -1;
    for (int field = 0; field < head.count(); field++) {
      boolean keep = keep(head, field, framing) && !(edited && edits.drops(field));
      dated |= keep && head.number(field) == Name.DATE;
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
    return dated;
  }

  private static boolean keep(Head head, int field, Framing framing) {
    return switch (head.number(field)) {
      case Name.CONNECTION, Name.KEEP_ALIVE, Name.PROXY_CONNECTION, Name.TRAILER, Name.UPGRADE, Name.SERVER -> false;
      case Name.TRANSFER_ENCODING -> framing == Framing.SAME && head.status() != 204;
      case Name.CONTENT_LENGTH -> framing == Framing.SAME && head.status() != 204;
      case Name.ENVOY ->
          !Octets.equalsLower(head.bytes(), head.nameAt(field), head.nameEnd(field), "x-envoy-upstream-service-time");
      default -> true;
    };
  }

  private static void connection(Bytes out, Connection connection) {
    switch (connection) {
      case KEPT -> {}
      case KEPT_SAID -> out.put(KEEP_ALIVE);
      case CLOSED -> out.put(CLOSE);
    }
  }

  /**
   * Writes a whole answer of the proxy's own.
   *
   * @param location empty: none
   * @param ops changes of the route
   * @param withBody false to HEAD
   * @param word null: nobody has one
   * @return false when that does not let the answer pass; then nothing was written
   */
  public boolean own(
      Bytes out,
      int status,
      String location,
      String body,
      HeaderOps ops,
      boolean withBody,
      Connection connection,
      @Nullable LastWord word) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    edits.clear();
    edits.apply(ops, NO_FIELDS);
    if (word != null && !said(word, NO_FIELDS, status, true)) {
      return false;
    }
    whole(out, status, location, PLAIN_TEXT, content, withBody, connection);
    return true;
  }

  /** Writes a whole answer with content of a type. */
  public void page(Bytes out, int status, String type, byte[] content, boolean withBody, Connection connection) {
    edits.clear();
    whole(out, status, "", ascii("content-type: " + type + "\r\n"), content, withBody, connection);
  }

  private void whole(
      Bytes out,
      int status,
      String location,
      byte[] type,
      byte[] content,
      boolean withBody,
      Connection connection) {
    int length = content.length;
    out.put(VERSION).putNumber(status).put(' ').put(reason(status)).line();
    if (!location.isEmpty()) {
      out.put("location: ").put(location).line();
    }
    if (status != 204 && status != 304) {
      out.put(CONTENT_LENGTH).putNumber(length).line();
    }
    if (length > 0 && !edits.adds("content-type")) {
      out.put(type);
    }
    if (status == 503 && body503(content)) {
      out.put("x-envoy-overloaded: true\r\n");
    }
    if (!edits.adds("date")) {
      date.put(out);
    }
    out.put(always);
    connection(out, connection);
    edits.putAdded(out);
    out.line();
    if (withBody && status != 204 && status != 304) {
      out.put(content, 0, length);
    }
  }

  private static final Head NO_FIELDS = new Head();

  private static boolean body503(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).endsWith("reset reason: overflow");
  }

  private static String reason(int status) {
    return REASONS.getOrDefault(status, "Status");
  }
}
