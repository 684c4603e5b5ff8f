package dev.tenon.bench.drive;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Raw TCP until it is closed: some connections, each of which says 64 bytes at fixed times and waits until they have come back. A
 * connection that was ended is opened again.
 */
public final class TcpFlow implements AutoCloseable {
    private static final int WORD = 64;

    private final int port;
    private final long intervalNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private long words;
    private volatile boolean over;

    private TcpFlow(int port, int rate, int connections) {
        this.port = port;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) * connections / rate;
    }

    /**
     * Begins.
     *
     * @param rate words in a second over all connections
     */
    public static TcpFlow start(int port, int rate, int connections) {
        TcpFlow flow = new TcpFlow(port, rate, connections);
        for (int i = 0; i < connections; i++) {
            flow.threads.add(Thread.ofVirtual().start(flow::talk));
        }
        return flow;
    }

    /** Words that came back. */
    public synchronized long words() {
        return words;
    }

    /** When connections were ended in good order by the other side, by {@link System#nanoTime()}. */
    public synchronized List<Long> ends() {
        return List.copyOf(ends);
    }

    /** How often each kind of failure occurred: resets, wrong bytes, refused connections. */
    public synchronized Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    private void talk() {
        byte[] word = new byte[WORD];
        byte[] answer = new byte[WORD];
        while (!over) {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(10_000);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
                long due = System.nanoTime();
                while (!over && once(socket, word, answer)) {
                    word[0]++;
                    due += intervalNanos;
                    TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                }
            } catch (IOException e) {
                fail(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** False when the other side has said its last. */
    private boolean once(Socket socket, byte[] word, byte[] answer) throws IOException {
        socket.getOutputStream().write(word);
        InputStream in = socket.getInputStream();
        int count = in.readNBytes(answer, 0, WORD);
        synchronized (this) {
            if (count < WORD) {
                ends.add(System.nanoTime());
                return false;
            }
            words++;
        }
        if (!Arrays.equals(word, answer)) {
            fail("other bytes came back");
        }
        return true;
    }

    private synchronized void fail(String why) {
        failures.merge(why, 1, Integer::sum);
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
