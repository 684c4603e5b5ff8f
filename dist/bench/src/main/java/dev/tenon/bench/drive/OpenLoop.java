package dev.tenon.bench.drive;

import dev.tenon.bench.observe.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Load at a fixed rate, evenly spaced, whether or not answers come in time. Latency counts from the moment at which a
 * request was due, so a stall of the server is not hidden by the client's waiting for it. The calling thread sends, a second
 * one receives.
 *
 * @param rate requests per second
 * @param connections how many are kept open and used in turn
 */
public record OpenLoop(int rate, int connections) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Loads a target for so many seconds. */
    public Load run(Target target, double seconds) throws IOException, InterruptedException {
        byte[] request = ("GET / HTTP/1.1\r\nHost: " + target.host() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        BlockingQueue<Exchange> idle = new ArrayBlockingQueue<>(connections);
        try (Selector selector = Selector.open()) {
            try {
                for (int i = 0; i < connections; i++) {
                    idle.add(connect(selector, target.port()));
                }
                Receiver receiver = new Receiver(selector, idle, (int) (rate * seconds));
                Thread thread = Thread.ofPlatform().name("bench-receive").start(receiver);
                long start = System.nanoTime();
                int sent = send(ByteBuffer.wrap(request), idle, receiver);
                receiver.finish(sent, System.nanoTime() + PATIENCE_NANOS);
                thread.join();
                return receiver.load((System.nanoTime() - start) / 1e9);
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private int send(ByteBuffer request, BlockingQueue<Exchange> idle, Receiver receiver)
            throws IOException, InterruptedException {
        sharpenTimer();
        double interval = 1e9 / rate;
        long start = System.nanoTime();
        for (int i = 0; i < receiver.capacity(); i++) {
            long due = start + (long) (i * interval);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            Exchange exchange = idle.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            if (exchange == null || !exchange.send(request.duplicate(), due)) {
                return i;
            }
        }
        return receiver.capacity();
    }

    private static Exchange connect(Selector selector, int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Exchange exchange = new Exchange(channel);
        channel.register(selector, SelectionKey.OP_READ, exchange);
        return exchange;
    }

    /** Linux lets timers of a thread be late by 50 microseconds, half of the interval here; asks for one instead. */
    private static void sharpenTimer() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), "1000");
        } catch (IOException e) {
            // Then every latency is 50 microseconds longer, for each contestant alike.
        }
    }

    /** Takes answers in and keeps their latencies. */
    private static final class Receiver implements Runnable {
        private final Selector selector;
        private final BlockingQueue<Exchange> idle;
        private final long[] latencies;
        private int answered;
        private int failed;
        private volatile int sent = Integer.MAX_VALUE;
        private volatile long deadline = Long.MAX_VALUE;

        Receiver(Selector selector, BlockingQueue<Exchange> idle, int capacity) {
            this.selector = selector;
            this.idle = idle;
            this.latencies = new long[capacity];
        }

        int capacity() {
            return latencies.length;
        }

        void finish(int sent, long deadline) {
            this.deadline = deadline;
            this.sent = sent;
            selector.wakeup();
        }

        @Override
        public void run() {
            try {
                while (answered + failed < sent && System.nanoTime() < deadline) {
                    selector.select(this::receive, 100);
                }
            } catch (IOException e) {
                failed++;
            }
        }

        private void receive(SelectionKey key) {
            Exchange exchange = (Exchange) key.attachment();
            switch (exchange.receive()) {
                case WAIT -> {}
                case ANSWERED -> {
                    latencies[answered++] = System.nanoTime() - exchange.due();
                    idle.add(exchange);
                }
                case REFUSED -> {
                    failed++;
                    exchange.refused();
                    idle.add(exchange);
                }
                case FAILED -> {
                    failed++;
                    key.cancel();
                }
            }
        }

        Load load(double seconds) {
            long[] sorted = Arrays.copyOf(latencies, answered);
            Arrays.sort(sorted);
            return new Load(
                    answered, capacity() - answered, seconds, percentile(sorted, 0.50), percentile(sorted, 0.99));
        }

        private static double percentile(long[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1e3;
        }
    }
}
