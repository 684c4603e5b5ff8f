package dev.tenon.bench.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The figures of Linux's /proc that a benchmark needs. Times are in ticks of 10 ms, as proc(5) has them ({@code USER_HZ}
 * is 100 on every platform that Tenon runs on). Every method throws {@link UncheckedIOException} when the process is gone.
 */
public final class Kernel {
    /** Microseconds in a tick of /proc. */
    public static final long TICK_MICROS = 10_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private Kernel() {}

    /** User and system time of a process over all its threads, those that have ended too. */
    public static long processTicks(long pid) {
        return parseProcess(read(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** Time in which the core was not idle, stolen time included. */
    public static long coreTicks(int core) {
        return parseCore(read(Path.of("/proc/stat")), core);
    }

    /** Resident memory of a process in MB of 1,000,000 bytes. */
    public static double residentMegabytes(long pid) {
        return parseResident(read(Path.of("/proc", Long.toString(pid), "status")));
    }

    /** Threads of a process. */
    public static int threads(long pid) {
        return entries(Path.of("/proc", Long.toString(pid), "task"));
    }

    /** Open file descriptors of a process. */
    public static int descriptors(long pid) {
        return entries(Path.of("/proc", Long.toString(pid), "fd"));
    }

    private static int entries(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return (int) all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long parseProcess(String stat) {
        // The command's name stands in brackets and may hold blanks and brackets itself.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", UTIME + 3);
        return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    }

    static long parseCore(String stat, int core) {
        String name = "cpu" + core + " ";
        String line = stat.lines()
                .filter(l -> l.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("/proc/stat knows no core " + core));
        String[] fields = line.split(" +");
        // user, nice, system, (idle, iowait,) irq, softirq, steal; guest times are part of user's.
        long busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            busy += Long.parseLong(fields[i]);
        }
        return busy;
    }

    static double parseResident(String status) {
        return status.lines()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                .map(kibibytes -> kibibytes * 1024)
                .mapToDouble(bytes -> bytes / 1e6)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no VmRSS: the process has ended"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
