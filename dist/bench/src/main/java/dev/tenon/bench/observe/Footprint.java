package dev.tenon.bench.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM holds after a full collection.
 *
 * @param residentMb of the process, in MB of 1,000,000 bytes
 * @param metaspaceKb used
 * @param loaders class loaders of modules that are still there
 */
public record Footprint(double residentMb, double metaspaceKb, int loaders, int threads, int descriptors) {
    private static final Pattern METASPACE = Pattern.compile("Metaspace +used (\\d+)K");
    private static final Pattern LOADER = Pattern.compile("\\d+: +(\\d+) +\\d+ +\\S*BundleWiringImpl\\$BundleClassLoader(?: .*)?");

    /** Forces a full collection in a process of this user and looks at what is left. */
    public static Footprint afterCollection(long pid) throws IOException, InterruptedException {
        int loaders = loaders(jcmd(pid, "GC.class_histogram"));
        return new Footprint(
                Kernel.residentMegabytes(pid),
                metaspace(jcmd(pid, "VM.metaspace", "basic")),
                loaders,
                Kernel.threads(pid),
                Kernel.descriptors(pid));
    }

    static int loaders(String histogram) {
        return histogram.lines().map(line -> LOADER.matcher(line.strip())).filter(Matcher::matches)
                .mapToInt(line -> Integer.parseInt(line.group(1))).sum();
    }

    static double metaspace(String basic) {
        Matcher used = METASPACE.matcher(basic);
        return used.find() ? Double.parseDouble(used.group(1)) : Double.NaN;
    }

    private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
        Path binary = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<String> words = new ArrayList<>(List.of(binary.toString(), Long.toString(pid)));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + words + " failed: " + output.strip());
        }
        return output;
    }
}
