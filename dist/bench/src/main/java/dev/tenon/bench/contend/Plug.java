package dev.tenon.bench.contend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Policy adapters that a sidecar is given as plain jars, each with a way of its own. Compiled against the shipped spi. */
public enum Plug {
    /** Allows, as a good one does. */
    WELL(true, "return Verdict.ALLOW;"),
    THROWS(true, "throw new IllegalStateException(\"faulty\");"),
    /** Never comes back, and swallows every interrupt. */
    HANGS(false, "while (true) { try { Thread.sleep(60_000); } catch (InterruptedException e) { turns++; } }"),
    /** Never comes back, and swallows whatever is thrown. */
    SPINS(true, "while (true) { try { while (true) { turns++; } } catch (Throwable t) { turns--; } }"),
    /** Four megabytes a call. */
    BURSTS(true, "byte[][] all = new byte[64][]; for (int i = 0; i < 64; i++) { all[i] = new byte[65_536]; } kept = all; "
            + "kept = null; return Verdict.ALLOW;");

    private static final String SERVICE = "META-INF/services/dev.tenon.spi.policy.AdapterFactory";
    private final boolean nonBlocking;
    private final String body;

    Plug(boolean nonBlocking, String body) {
        this.nonBlocking = nonBlocking;
        this.body = body;
    }

    /** What rules and requests call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Compiles it and puts its jar into a drop folder. */
    public void drop(Ground ground, Path folder) throws IOException {
        drop(ground, folder, word(), body);
    }

    /** Puts so many jars with a good adapter each into a drop folder. */
    public static void dropMany(Ground ground, Path folder, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            WELL.drop(ground, folder, "extra" + i, WELL.body);
        }
    }

    private void drop(Ground ground, Path folder, String word, String code) throws IOException {
        String type = "Adapter_" + word;
        Path classes = Files.createDirectories(ground.directory().resolve("classes-" + word));
        String source = new Template("Plug.java.txt").text(
                Map.of("class", type, "name", word, "nonBlocking", nonBlocking, "body", code));
        compile(ground, type, source, classes);
        Path jar = classes.resolve(word + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
            out.putNextEntry(new JarEntry(SERVICE));
            out.write(("faulty." + type).getBytes(StandardCharsets.UTF_8));
        }
        Files.move(jar, Files.createDirectories(folder).resolve(word + "-1.0.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void compile(Ground ground, String type, String source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        SimpleJavaFileObject unit =
                new SimpleJavaFileObject(URI.create("string:///faulty/" + type + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", spi(ground).toString());
            if (!compiler.getTask(null, files, null, options, null, List.of(unit)).call()) {
                throw new IOException("the plug-in " + type + " does not compile");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Path spi(Ground ground) throws IOException {
        try (Stream<Path> jars = Files.list(ground.root().resolve("dist/target/tenon/lib"))) {
            return jars.filter(each -> String.valueOf(each.getFileName()).startsWith("tenon-spi"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the distribution holds no tenon-spi"));
        }
    }
}
