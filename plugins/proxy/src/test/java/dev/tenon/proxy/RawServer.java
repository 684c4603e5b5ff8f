package dev.tenon.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream whose bytes the test writes itself. Each connection has a thread of its own. */
final class RawServer implements AutoCloseable {
  /** Says what to answer, as raw bytes; {@link #CLOSE} at the end closes after them. */
  interface Answer {
    String to(RawMessage request, int number) throws Exception;
  }

  /** An answer that ends with this is followed by the end of the connection. */
  static final String CLOSE = "<close>";

  final BlockingQueue<RawMessage> requests = new LinkedBlockingQueue<>();
  final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger number = new AtomicInteger();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;
  private final Answer answer;

  RawServer(Answer answer) throws IOException {
    this.answer = answer;
    this.socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Answers 200 with a body. */
  static RawServer saying(String body) throws IOException {
    return new RawServer((request, number) -> ok(body));
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  RawMessage request() throws InterruptedException {
    RawMessage request = requests.poll(40, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request came");
    }
    return request;
  }

  /** Closes the connections that are open, as a server does with idle ones. */
  void closeConnections() throws IOException {
    for (Socket each : open) {
      each.close();
    }
    open.clear();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket accepted = socket.accept();
        connections.incrementAndGet();
        open.add(accepted);
        Thread.ofVirtual().start(() -> serve(accepted));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (accepted) {
      accepted.setTcpNoDelay(true);
      InputStream in = accepted.getInputStream();
      OutputStream out = accepted.getOutputStream();
      while (true) {
        RawMessage request = RawMessage.read(in, false);
        requests.add(request);
        String text = answer.to(request, number.incrementAndGet());
        boolean close = text.endsWith(CLOSE);
        String bytes = close ? text.substring(0, text.length() - CLOSE.length()) : text;
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        if (close) {
          return;
        }
      }
    } catch (Exception e) {
      // The connection is over; what the test expects does not come.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    closeConnections();
  }
}
