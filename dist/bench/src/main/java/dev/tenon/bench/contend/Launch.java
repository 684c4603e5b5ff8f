package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import dev.tenon.bench.observe.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts processes on a core and ends them, at the latest when this JVM ends. Thread-safe. */
public final class Launch {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /** A launch that ends with the JVM. */
    public Launch() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Launch::end), "bench-clean-up"));
    }

    /** Starts a command on a core, its output going to a file. */
    public Process start(int core, Path output, List<String> command) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        Process process = new ProcessBuilder(pinned)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        running.add(process);
        return process;
    }

    /** Starts a proxy and waits until it passes a request on. */
    public Running startProxy(int core, Path output, List<String> command, Target target)
            throws IOException, InterruptedException {
        Process process = start(core, output, command);
        try {
            Usage.Moment start = Usage.Moment.now(process.pid(), core);
            awaitAnswer(process, target, output);
            return new Running(process.pid(), target, Optional.of(start.since()), () -> stop(process));
        } catch (IOException | RuntimeException e) {
            stop(process);
            throw e;
        }
    }

    /** Waits until a target answers 200. */
    public void awaitAnswer(Process process, Target target, Path output) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(target)) {
            if (!process.isAlive()) {
                throw new IOException("ended with " + process.exitValue() + " before it answered: " + tail(output));
            }
            if (System.nanoTime() > deadline || Thread.interrupted()) {
                throw new IOException("no answer on port " + target.port() + " in " + PATIENCE.toSeconds() + " s: " + tail(output));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Ends a process: asks first, then insists. */
    public void stop(Process process) {
        end(process);
        running.remove(process);
    }

    private static boolean answers(Target target) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
            socket.setSoTimeout(1000);
            String request = "GET / HTTP/1.1\r\nHost: " + target.host() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    static String tail(Path output) throws IOException {
        byte[] all = Files.readAllBytes(output);
        int from = Math.max(0, all.length - 1000);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
    }

    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
