package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A wire to an address on which answers may come later than they were given. */
public final class SlowWire implements AutoCloseable {
  private final ServerSocket server;
  private final InetSocketAddress to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int delayMillis;

  public SlowWire(InetSocketAddress to) throws IOException {
    this.to = to;
    this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** What each answer is late by from now on. */
  public void delay(int millis) {
    delayMillis = millis;
  }

  private void accept() {
    try {
      while (true) {
        Socket from = server.accept();
        Socket there;
        try {
          there = new Socket(to.getAddress(), to.getPort());
        } catch (IOException e) {
          from.close(); // nobody listens there
          continue;
        }
        from.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        open.add(from);
        open.add(there);
        Thread.ofVirtual().start(() -> pass(from, there, false));
        Thread.ofVirtual().start(() -> pass(there, from, true));
      }
    } catch (IOException e) {
      open.clear(); // it was closed
    }
  }

  private void pass(Socket from, Socket there, boolean late) {
    byte[] bytes = new byte[8192];
    try (from; there) {
      InputStream in = from.getInputStream();
      OutputStream out = there.getOutputStream();
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        if (late && delayMillis > 0) {
          TimeUnit.MILLISECONDS.sleep(delayMillis);
        }
        out.write(Arrays.copyOf(bytes, length));
      }
    } catch (IOException e) {
      open.remove(from); // either end is gone, so both are
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
