package dev.tenon.cli.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client with one connection that it keeps (RFC 9112). It does not retry: only a connection that
 * had already been closed when the request was written is replaced, and that is counted apart. Not
 * thread-safe; blocks.
 */
public final class Caller implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int MOST_BYTES = 1 << 20;
  private final InetSocketAddress server;
  private @Nullable Socket socket;
  private @Nullable InputStream in;
  private int reconnects;

  /** Connects at the first request. */
  public Caller(String host, int port) {
    server = new InetSocketAddress(host, port);
  }

  /** An answer; header names are lower-case. */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** A header, or nothing. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** How often a kept connection turned out to be closed. */
  public int reconnects() {
    return reconnects;
  }

  /** Asks and reads the whole answer. */
  public Answer get(String path, Map<String, String> headers) throws IOException {
    boolean kept = socket != null;
    try {
      return exchange(path, headers);
    } catch (ClosedBeforeAnswer e) {
      close();
      if (!kept) {
        throw e;
      }
      reconnects++;
      return exchange(path, headers);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Answer exchange(String path, Map<String, String> headers) throws IOException {
    Socket connection = socket;
    InputStream input = in;
    if (connection == null || input == null) {
      connection = new Socket();
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(TIMEOUT_MILLIS);
      connection.connect(server, TIMEOUT_MILLIS);
      input = new BufferedInputStream(connection.getInputStream());
      socket = connection;
      in = input;
    }
    StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nhost: bookinfo.example\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    String line;
    try {
      connection.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      line = line(input);
    } catch (IOException e) {
      if (e instanceof java.net.SocketTimeoutException) {
        throw e;
      }
      throw new ClosedBeforeAnswer(e);
    }
    return answer(line, input);
  }

  private Answer answer(String statusLine, InputStream input) throws IOException {
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(input); !line.isEmpty(); line = line(input)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String body;
    if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
      body = chunks(input);
    } else {
      body = text(input.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }
    if (headers.getOrDefault("connection", "").equalsIgnoreCase("close")) {
      close();
      reconnects++;
    }
    return new Answer(status, Map.copyOf(headers), body);
  }

  private static String chunks(InputStream input) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(input).split(";", 2)[0].strip(), 16);
      if (size + body.size() > MOST_BYTES) {
        throw new IOException("the answer is larger than " + MOST_BYTES + " bytes");
      }
      body.write(input.readNBytes(size));
      line(input);
      if (size == 0) {
        return text(body.toByteArray());
      }
    }
  }

  private static String line(InputStream input) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = input.read(); b != '\n'; b = input.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    Socket connection = socket;
    socket = null;
    in = null;
    if (connection != null) {
      connection.close();
    }
  }

  /** The peer had closed a kept connection before it answered anything. */
  private static final class ClosedBeforeAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedBeforeAnswer(IOException cause) {
      super(cause);
    }
  }
}
