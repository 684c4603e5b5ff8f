package dev.tenon.adapter.prometheus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is scraped at one address. While another holds the address, which the predecessor of a jar does for a
 * moment, it is tried again until it is free.
 */
final class Page {
  private static final Logger LOG = LoggerFactory.getLogger(Page.class);
  private static final int AGAIN_MILLIS = 200;
  private static final int PATIENCE_MILLIS = 2000;
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final int MOST_AT_ONCE = 8;

  private final InetSocketAddress address;
  private final List<Book> books = new CopyOnWriteArrayList<>();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private volatile @Nullable ServerSocket socket;
  private volatile boolean closed;
  private final Thread thread;

  Page(InetSocketAddress address) {
    this.address = address;
    this.thread = Thread.ofPlatform().daemon().name("prometheus-adapter").inheritInheritableThreadLocals(false).unstarted(this::serve);
    thread.start();
  }

  void show(Book book) {
    books.add(book);
  }

  /** Shows a book no more; true when there is nothing left to show. */
  boolean hide(Book book) {
    books.remove(book);
    return books.isEmpty();
  }

  private void serve() {
    boolean told = false;
    while (!closed) {
      try (ServerSocket open = new ServerSocket()) {
        open.setReuseAddress(true);
        open.bind(address, MOST_AT_ONCE);
        socket = open;
        LOG.info("metrics of policy are scraped at http://{}:{}/metrics", address.getHostString(), address.getPort());
        while (!closed) {
          answer(open.accept());
        }
      } catch (IOException e) {
        if (!closed && !told) {
          told = true;
          LOG.warn(
              "metrics of policy cannot be scraped at {}:{}: {}; if another process of this machine has the address, give each process"
                  + " its own by a handler's params.listen. It is tried again until it is free",
              address.getHostString(), address.getPort(), e.getMessage());
        }
        pause();
      }
    }
  }

  private void answer(Socket caller) throws IOException {
    if (!places.tryAcquire()) {
      caller.close();
      return;
    }
    Thread.ofVirtual()
        .name("prometheus-scrape")
        .start(
            () -> {
              try (caller) {
                caller.setSoTimeout(PATIENCE_MILLIS);
                write(caller, head(caller.getInputStream()));
              } catch (IOException e) {
                LOG.debug("a scrape ended early", e);
              } finally {
                places.release();
              }
            });
  }

  /** The first line of a request; its head is read to the end. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_HEAD && head.indexOf("\r\n\r\n") < 0) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("no request");
      }
      head.append((char) octet);
    }
    return head.substring(0, Math.max(0, head.indexOf("\r\n")));
  }

  private void write(Socket caller, String request) throws IOException {
    boolean found = request.startsWith("GET /metrics ") || request.startsWith("GET /metrics?");
    Text text = new Text();
    if (found) {
      books.forEach(each -> each.write(text));
    }
    byte[] body = (found ? text.toString() : "metrics are at /metrics\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 " + (found ? "200 OK" : "404 Not Found") + "\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n"
            + "content-length: " + body.length + "\r\nconnection: close\r\n\r\n";
    OutputStream out = caller.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  private void pause() {
    try {
      Thread.sleep(closed ? 0 : AGAIN_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  void close() {
    closed = true;
    ServerSocket open = socket;
    try {
      if (open != null) {
        open.close();
      }
      thread.interrupt();
      thread.join(PATIENCE_MILLIS);
    } catch (IOException e) {
      LOG.debug("closing", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
