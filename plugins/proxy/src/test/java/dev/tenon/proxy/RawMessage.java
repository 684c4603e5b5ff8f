package dev.tenon.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** One HTTP/1.1 message as it was on the wire. */
record RawMessage(String head, String body) {
  static RawMessage read(InputStream in, boolean noBody) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text;
    do {
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException("ended after: " + head.toString(StandardCharsets.ISO_8859_1));
      }
      head.write(octet);
      text = head.toString(StandardCharsets.ISO_8859_1);
    } while (!text.endsWith("\r\n\r\n"));
    RawMessage message = new RawMessage(text, "");
    int status = message.isResponse() ? message.status() : 0;
    if (noBody || status == 204 || status == 304 || (status > 0 && status < 200)) {
      return message;
    }
    String length = message.header("content-length");
    if (length != null) {
      return new RawMessage(text, new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.ISO_8859_1));
    }
    if ("chunked".equals(message.header("transfer-encoding"))) {
      return new RawMessage(text, chunks(in));
    }
    if (message.isResponse()) {
      return new RawMessage(text, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
    return message;
  }

  private static String chunks(InputStream in) throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    while (!raw.toString(StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException("ended within chunks: " + raw.toString(StandardCharsets.ISO_8859_1));
      }
      raw.write(octet);
    }
    return raw.toString(StandardCharsets.ISO_8859_1);
  }

  private boolean isResponse() {
    return head.startsWith("HTTP/");
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  /** The body, if the status is 200. */
  String as200() {
    return status() == 200 ? body : "status " + status() + ": " + body;
  }

  String firstLine() {
    return head.substring(0, head.indexOf("\r\n"));
  }

  /** The value of a header, or null. */
  @org.jspecify.annotations.Nullable String header(String lower) {
    List<String> values = headers(lower);
    return values.isEmpty() ? null : values.getFirst();
  }

  List<String> headers(String lower) {
    return head.lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(lower + ":"))
        .map(line -> line.substring(lower.length() + 1).strip())
        .toList();
  }
}
