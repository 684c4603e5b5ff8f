package dev.tenon.bench.drive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server of raw TCP: answers with what it is told, and says its last when its caller has. */
public final class Echo implements AutoCloseable {
    private final ServerSocket server;

    private Echo(ServerSocket server) {
        this.server = server;
    }

    /** Listens on a free loopback port. */
    public static Echo start() throws IOException {
        Echo echo = new Echo(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(echo::run);
        return echo;
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    private void run() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            byte[] bytes = new byte[4096];
            for (int count = socket.getInputStream().read(bytes); count > 0; count = socket.getInputStream().read(bytes)) {
                socket.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException e) {
            // Its caller has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
