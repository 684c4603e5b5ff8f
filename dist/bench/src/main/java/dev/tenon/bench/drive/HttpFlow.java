package dev.tenon.bench.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * HTTP/1.1 at a fixed rate until it is closed, on a thread of its own. Latency counts from the moment at which a request was due.
 * Nothing is asked twice. A kept connection that was closed between two requests is opened again and counted; a request
 * without its answer has failed.
 */
public final class HttpFlow implements AutoCloseable {
    private static final long LONGEST_NAP = 100_000;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Target target;
    private final double interval;
    private final Selector selector;
    private final Deque<Exchange> idle = new ArrayDeque<>();
    private final ByteBuffer request;
    private final Latencies latencies = new Latencies();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final Thread thread;
    private int reconnects;
    private int busy;
    private volatile boolean over;

    private HttpFlow(Target target, int rate, int connections) throws IOException {
        this.target = target;
        this.interval = 1e9 / rate;
        this.request = ByteBuffer.wrap(
                ("GET / HTTP/1.1\r\nHost: " + target.host() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        this.selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            idle.add(connect());
        }
        this.thread = Thread.ofPlatform().daemon().name("http-flow").start(this::run);
    }

    /** Begins. */
    public static HttpFlow start(Target target, int rate, int connections) throws IOException {
        return new HttpFlow(target, rate, connections);
    }

    /** Of every answer. */
    public Latencies latencies() {
        return latencies;
    }

    /** How often each kind of failure occurred. */
    public synchronized Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    /** How many requests failed. */
    public synchronized int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How often a connection was opened again. */
    public synchronized int reconnects() {
        return reconnects;
    }

    private Exchange connect() throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Exchange exchange = new Exchange(channel);
        channel.register(selector, SelectionKey.OP_READ, exchange);
        return exchange;
    }

    private void run() {
        double due = System.nanoTime();
        try {
            while (!over) {
                long now = System.nanoTime();
                while (due <= now && send((long) due)) {
                    due += interval;
                }
                selector.selectNow(this::receive);
                long nap = Math.min(LONGEST_NAP, (long) due - System.nanoTime());
                if (nap > 0) {
                    LockSupport.parkNanos(nap);
                }
            }
            long end = System.nanoTime() + PATIENCE;
            while (busy > 0 && System.nanoTime() < end) {
                selector.select(this::receive, 10);
            }
            for (int left = busy; left > 0; left--) {
                fail("no answer in ten seconds");
            }
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    /** False when every connection is busy: the request waits, and its latency with it. */
    private boolean send(long due) throws IOException {
        Exchange next = idle.poll();
        if (next == null) {
            return false;
        }
        try {
            if (!next.send(request.duplicate(), due)) {
                throw new IOException("a request was not taken whole");
            }
            busy++;
        } catch (IOException e) {
            // Never began: the server may close between two requests.
            again(next);
            return false;
        }
        return true;
    }

    private void receive(SelectionKey key) {
        Exchange exchange = (Exchange) key.attachment();
        boolean asked = exchange.waits();
        switch (exchange.receive()) {
            case WAIT -> {}
            case ANSWERED -> {
                latencies.add(exchange.due(), System.nanoTime() - exchange.due());
                exchange.answered();
                busy--;
                idle.add(exchange);
            }
            case REFUSED, FAILED -> {
                if (asked) {
                    busy--;
                    fail(exchange.state());
                }
                idle.remove(exchange);
                again(exchange);
            }
        }
    }

    private void again(Exchange gone) {
        gone.close();
        try {
            idle.add(connect());
            synchronized (this) {
                reconnects++;
            }
        } catch (IOException e) {
            fail("cannot connect again: " + e.getMessage());
        }
    }

    private synchronized void fail(String why) {
        failures.merge(why, 1, Integer::sum);
    }

    @Override
    public void close() throws IOException {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
