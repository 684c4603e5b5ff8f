package dev.tenon.bench.drive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A caller beside the measured load: one connection, one request after the other, each with a header that says which
 * plug-in is to judge it. Used by one thread at a time.
 */
public final class Neighbour implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;
    private final Target target;
    private final byte[] request;
    private @Nullable Socket socket;

    /** One whose requests are judged by a plug-in of that name; empty: by none. */
    public Neighbour(Target target, String plug) {
        this.target = target;
        String header = plug.isEmpty() ? "" : "x-plug: " + plug + "\r\n";
        this.request = ("GET / HTTP/1.1\r\nHost: " + target.host() + "\r\n" + header + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Asks once.
     *
     * @return the whole answer
     * @throws IOException when there is none in five seconds
     */
    public String ask() throws IOException {
        Socket own = connected();
        try {
            own.getOutputStream().write(request);
            return answer(own.getInputStream());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket connected() throws IOException {
        Socket present = socket;
        if (present == null) {
            present = new Socket(InetAddress.getLoopbackAddress(), target.port());
            present.setTcpNoDelay(true);
            present.setSoTimeout(PATIENCE_MILLIS);
            socket = present;
        }
        return present;
    }

    private static String answer(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            all.write(buffer, 0, read);
            String text = all.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            int length = text.toLowerCase(java.util.Locale.ROOT).indexOf("\r\ncontent-length: ");
            if (end >= 0 && length >= 0 && length < end) {
                int body = Integer.parseInt(text.substring(length + 18, text.indexOf("\r\n", length + 2)).strip());
                if (text.length() >= end + 4 + body) {
                    return text;
                }
            }
        }
        throw new IOException("the connection was closed before the answer was whole");
    }

    /** Asks at a rate until the calling thread is interrupted; failures are the plug-in's business. */
    public void keepAsking(int perSecond) {
        long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                ask();
            } catch (IOException e) {
                // The next one connects anew.
            }
            LockSupport.parkNanos(pause);
        }
        close();
    }

    /**
     * Asks without a pause until the answers say something.
     *
     * @return milliseconds until they did; NaN when they did not in so many seconds
     */
    public double millisUntil(String said, int seconds) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            try {
                if (ask().contains(said)) {
                    return (System.nanoTime() - start) / 1e6;
                }
            } catch (IOException e) {
                // No answer is not what is waited for.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return Double.NaN;
    }

    /** The longest time in milliseconds that an answer took, of those asked for one after the other in so many seconds. */
    public double longestMillis(double seconds) throws IOException {
        long longest = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            long before = System.nanoTime();
            ask();
            longest = Math.max(longest, System.nanoTime() - before);
            LockSupport.parkNanos(500_000);
        }
        return longest / 1e6;
    }

    @Override
    public void close() {
        Socket present = socket;
        socket = null;
        if (present != null) {
            try {
                present.close();
            } catch (IOException e) {
                // It is over either way.
            }
        }
    }
}
