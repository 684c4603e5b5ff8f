package dev.tenon.bench.drive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One connection with at most one request on it. Sent by one thread and received by another; the queue of idle connections
 * hands it over. Understands answers that tell their length, which is all that the benchmark's backend gives.
 */
final class Exchange {
    /** What a read led to. */
    enum Outcome {
        WAIT,
        ANSWERED,
        /** A whole answer of another status than 200; the connection is as good as before. */
        REFUSED,
        FAILED
    }

    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer input = ByteBuffer.allocate(16 * 1024);
    private volatile long due;

    Exchange(SocketChannel channel) {
        this.channel = channel;
    }

    long due() {
        return due;
    }

    /** Whether a request is on its way. */
    boolean waits() {
        return due != 0;
    }

    /** The answer is dealt with. */
    void answered() {
        due = 0;
    }

    /** A refusal is dealt with, and makes room for the next answer. */
    void refused() {
        input.clear();
    }

    /** What has come of an answer, in a few words. */
    String state() {
        return input.position() == 0
                ? "closed without an answer"
                : "answered " + new String(input.array(), 0, Math.min(input.position(), 40), StandardCharsets.US_ASCII)
                        .lines().findFirst().orElse("");
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /** False when the connection does not take the request whole. */
    boolean send(ByteBuffer request, long dueNanos) throws IOException {
        due = dueNanos;
        channel.write(request);
        return !request.hasRemaining();
    }

    Outcome receive() {
        try {
            if (channel.read(input) < 0) {
                return Outcome.FAILED;
            }
        } catch (IOException e) {
            return Outcome.FAILED;
        }
        Outcome outcome = scan(input.array(), input.position());
        if (outcome == Outcome.ANSWERED) {
            input.clear();
        } else if (outcome == Outcome.WAIT && !input.hasRemaining()) {
            return Outcome.FAILED;
        }
        return outcome;
    }

    /** Looks for one whole answer in so many bytes. */
    static Outcome scan(byte[] bytes, int length) {
        int end = endOfHead(bytes, length);
        if (end < 0) {
            return Outcome.WAIT;
        }
        boolean good = bytes[9] == '2' && bytes[10] == '0' && bytes[11] == '0';
        int body = contentLength(bytes, end);
        if (body < 0 || length > end + body) {
            return Outcome.FAILED;
        }
        return length < end + body ? Outcome.WAIT : good ? Outcome.ANSWERED : Outcome.REFUSED;
    }

    private static int endOfHead(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(byte[] bytes, int end) {
        for (int i = 0; i + LENGTH.length < end; i++) {
            if (bytes[i] == '\r' && matches(bytes, i)) {
                int value = 0;
                for (int at = i + LENGTH.length; bytes[at] != '\r'; at++) {
                    value = bytes[at] == ' ' ? value : value * 10 + (bytes[at] - '0');
                }
                return value;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] bytes, int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            // Letters differ from lower case by one bit; the other bytes here have it set or are compared as they are.
            int b = bytes[at + i];
            int lower = b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
            if (lower != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }
}
