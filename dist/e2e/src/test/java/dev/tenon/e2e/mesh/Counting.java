package dev.tenon.e2e.mesh;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Applications that answer at once, and count what reaches them by one header. */
public final class Counting implements AutoCloseable {
  private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  private final String header;
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();

  /** @param header by whose value it is counted */
  public Counting(String header) {
    this.header = header.toLowerCase(Locale.ROOT) + ": ";
  }

  /** Begins to listen at another address. */
  public Counting at(String address, int port) throws IOException {
    ServerSocket server = new ServerSocket(port, 200, InetAddress.getByName(address));
    open.add(server);
    Thread.ofVirtual().start(() -> accept(server));
    return this;
  }

  /** How many requests have come with this value. */
  public long of(String value) {
    LongAdder count = counts.get(value);
    return count == null ? 0 : count.sum();
  }

  private void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      open.remove(server); // it was closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          if (line.isEmpty()) {
            socket.getOutputStream().write(ANSWER);
          } else if (line.length() > header.length() && line.substring(0, header.length()).toLowerCase(Locale.ROOT).equals(header)) {
            counts.computeIfAbsent(line.substring(header.length()), each -> new LongAdder()).increment();
          }
          line.setLength(0);
        } else if (c != '\r') {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      // A connection that breaks off is the sidecar's business.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
