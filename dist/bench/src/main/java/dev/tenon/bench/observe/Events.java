package dev.tenon.bench.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process's kernel writes to its log about modules, read as it is written. Thread-safe. */
public final class Events {
    /**
     * One line.
     *
     * @param seenNanos when it was read, by {@link System#nanoTime()}: at most 20 ms after it was written
     */
    public record Event(long seenNanos, String module, String word, String detail) {}

    private static final Pattern LINE = Pattern.compile("\\S+Z +\\w+ +kernel\\.\\w+ +(\\S+) ([\\w-]+)(?: [^ :]+)?(?:: (.*))?");
    private static final long POLL_MILLIS = 20;

    private final Path log;
    private final List<Event> all = new ArrayList<>();
    private long read;
    private String rest = "";

    /** Of a log that may not be there yet. */
    public Events(Path log) {
        this.log = log;
    }

    /** How many there have been: where to look for the ones to come. */
    public synchronized int count() throws IOException {
        look();
        return all.size();
    }

    /** All so far of one module and word; {@code *} is any module. */
    public synchronized List<Event> of(String module, String word) throws IOException {
        look();
        return all.stream()
                .filter(event -> (module.equals("*") || event.module().equals(module)) && event.word().equals(word))
                .toList();
    }

    /** Waits for one after a place, whatever else comes. */
    public Event await(int from, Predicate<Event> wanted, int seconds) throws IOException, InterruptedException {
        return await(from, wanted, event -> false, seconds);
    }

    /**
     * Waits for one of a module after a place.
     *
     * @throws IOException when it does not come in time, or {@code failed} comes for the module instead
     */
    public Event await(int from, String module, Predicate<Event> wanted, int seconds) throws IOException, InterruptedException {
        return await(
                from,
                event -> event.module().equals(module) && wanted.test(event),
                event -> event.module().equals(module) && (event.word().equals("failed") || event.word().equals("refused")),
                seconds);
    }

    private Event await(int from, Predicate<Event> wanted, Predicate<Event> bad, int seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            Optional<Event> found = find(from, wanted);
            if (found.isPresent()) {
                return found.get();
            }
            Optional<Event> failed = find(from, bad);
            if (failed.isPresent()) {
                throw new IOException(failed.get().module() + " " + failed.get().word() + ": " + failed.get().detail());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("waited " + seconds + " s in vain; the last events are " + tail());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private synchronized Optional<Event> find(int from, Predicate<Event> wanted) throws IOException {
        look();
        return all.subList(from, all.size()).stream().filter(wanted).findFirst();
    }

    private synchronized String tail() {
        return all.subList(Math.max(0, all.size() - 5), all.size()).toString();
    }

    private void look() throws IOException {
        try (FileChannel file = FileChannel.open(log)) {
            long size = file.size();
            if (size <= read) {
                return;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size - read, 1 << 20));
            read += Math.max(0, file.read(bytes, read));
            String text = rest + new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n') + 1;
            rest = text.substring(end);
            text.substring(0, end).lines().map(Events::parse).flatMap(Optional::stream).forEach(all::add);
        }
    }

    static Optional<Event> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String detail = matcher.group(3);
        return Optional.of(new Event(System.nanoTime(), matcher.group(1), matcher.group(2), detail == null ? "" : detail));
    }
}
