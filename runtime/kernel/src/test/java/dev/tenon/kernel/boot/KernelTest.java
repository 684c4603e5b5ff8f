package dev.tenon.kernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tenon.kernel.swap.Status;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole kernel in this JVM, with jars built on the spot. */
@SuppressWarnings("rawtypes") // Supplier.class: a type that test modules share with this test
class KernelTest {
  private static final Duration EFFECTIVE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path home = Path.of("");
  private Path plugins = Path.of("");
  private @Nullable Kernel kernel;
  private int jars;

  @BeforeEach
  void distribution() throws IOException {
    home = TestHome.make(folder.resolve("home"));
    plugins = folder.resolve("run/plugins");
  }

  @AfterEach
  void close() {
    if (kernel != null) {
      kernel.close();
    }
  }

  private Kernel start(String... sets) throws Exception {
    BootOptions options = new BootOptions(home, "0.1.0", "test", List.of(),
        java.util.stream.Stream.concat(java.util.stream.Stream.of("run.directory=" + folder.resolve("run")), java.util.stream.Stream.of(sets)).toList());
    Node.Mapping all = Settings.read(options);
    Kernel started = Kernel.start(options, KernelSettings.read(all, "test"), all);
    kernel = started;
    started.awaitStart();
    return started;
  }

  private Jars jar() {
    try {
      return new Jars(Files.createDirectories(folder.resolve("jar" + ++jars)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A module that offers its tag. */
  private Jars tagged(String name, String tag) throws IOException {
    return jar().module(name, "context.offer(Supplier.class, new Supplier<String>() { public String get() { return \"" + tag + "\"; } });"
        + " return () -> {};");
  }

  private Jars adapter(String name) throws IOException {
    return jar()
        .source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              public String name() { return "%s"; }
              public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
              public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) {
                throw new UnsupportedOperationException();
              }
            }
            """.formatted(name))
        .file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "# ours\nsample.Factory\n");
  }

  private List<String> adapters() {
    AtomicReference<List<Offer<AdapterFactory>>> seen = new AtomicReference<>(List.of());
    running().offers().offers(AdapterFactory.class).subscribe(seen::set).close();
    return java.util.Objects.requireNonNull(seen.get()).stream().map(each -> each.service().name()).toList();
  }

  private List<Supplier> suppliers() {
    AtomicReference<List<Offer<Supplier>>> seen = new AtomicReference<>(List.of());
    running().offers().offers(Supplier.class).subscribe(seen::set).close();
    return java.util.Objects.requireNonNull(seen.get()).stream().map(Offer::service).toList();
  }

  private List<Object> tags() {
    return suppliers().stream().<Object>map(Supplier::get).toList();
  }

  private Kernel running() {
    return java.util.Objects.requireNonNull(kernel);
  }

  private String reasonOf(String module) {
    return running().modules().status().stream()
        .filter(each -> each.module().equals(module) && each.state().equals("failed"))
        .map(Status::reason).findFirst().orElse("");
  }

  @Test
  void aPlainAdapterIsDroppedReplacedAndDeleted() throws Exception {
    start();
    adapter("one").write(plugins.resolve("guard-1.0.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).containsExactly("one"));
    assertThat(running().modules().status()).extracting(Status::module).containsExactly("guard");
    adapter("two").write(plugins.resolve("guard-1.0.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).containsExactly("two"));
    Files.delete(plugins.resolve("guard-1.0.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).isEmpty());
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(running().modules().status()).isEmpty());
  }

  @Test
  void aPlainJarCanBringAModuleOfItsOwn() throws Exception {
    start("greeter.word=hello");
    plainModule("greeter").write(plugins.resolve("greeter-1.0.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(tags()).containsExactly("hello"));
    plainModule("greeter").write(plugins.resolve("other.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("other")).contains("name the file greeter.jar"));
    plainModule("both").file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Factory").write(plugins.resolve("both.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("both")).contains("name one Module alone"));
  }

  private Jars plainModule(String name) throws IOException {
    return jar()
        .source("Own", """
            public final class Own implements dev.tenon.spi.lifecycle.Module {
              public String name() { return "%s"; }
              public dev.tenon.spi.lifecycle.Running start(dev.tenon.spi.lifecycle.ModuleContext context) {
                String word = context.settings().text("word");
                context.offer(java.util.function.Supplier.class, () -> word);
                return () -> {};
              }
            }
            """.formatted(name))
        .file("META-INF/services/dev.tenon.spi.lifecycle.Module", "sample.Own\n");
  }

  @Test
  void aJarCopiedPieceByPieceIsLoadedWhenItIsWhole() throws Exception {
    start();
    Path made = adapter("slow").write(folder.resolve("made.jar"));
    byte[] bytes = Files.readAllBytes(made);
    Path target = plugins.resolve("slow.jar");
    try (var out = Files.newOutputStream(target)) {
      out.write(bytes, 0, bytes.length / 2);
      out.flush();
      long half = System.nanoTime();
      await().pollDelay(Duration.ofMillis(300)).until(() -> true);
      assertThat(adapters()).isEmpty();
      String reason = reasonOf("slow");
      // When nothing comes for a second it is told, and that may be now on a machine that stood still.
      assertThat(reason.isEmpty() || System.nanoTime() - half > 900_000_000).as(reason).isTrue();
      out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
    }
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).containsExactly("slow"));
  }

  @Test
  void aPlainJarFindsItsLibrariesInsideIt() throws Exception {
    start();
    Path library = jar().source("Word", "public final class Word { public static String word() { return \"inner\"; } }").write(folder.resolve("word.jar"));
    jar().source("Word", "public final class Word { public static String word() { return \"\"; } }")
        .source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              private static final org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger(Factory.class);
              public String name() { log.debug("asked"); return Word.word(); }
              public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
              public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) { return null; }
            }
            """)
        .file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Factory")
        .without("sample/Word.class")
        .file("lib/word.jar", library)
        .write(plugins.resolve("words.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(adapters()).containsExactly("inner"));
  }

  @Test
  void aBundleIsSwappedInOneStepAndItsOldLoaderIsCollected() throws Exception {
    tagged("tag", "old").write(home.resolve("modules/tag.jar"));
    start("modules=[tag]");
    running().modules().whenReady().get(10, java.util.concurrent.TimeUnit.SECONDS);
    WeakReference<ClassLoader> old = new WeakReference<>(suppliers().getFirst().getClass().getClassLoader());
    java.util.Set<Object> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
    running().offers().offers(Supplier.class).subscribe(list -> seen.add(list.size()));
    tagged("tag", "new").write(plugins.resolve("tag-2.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(tags()).containsExactly("new"));
    assertThat(seen).as("there was always exactly one").containsExactly(1);
    collected(old);
    Files.delete(plugins.resolve("tag-2.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(tags()).as("the distribution's own again").containsExactly("old"));
  }

  @Test
  void aModuleThatLeavesThingsOnLoopsIsCollectedToo() throws Exception {
    start();
    jar().module("sticky", """
            context.offer(Supplier.class, new Supplier<String>() { public String get() { return "sticky"; } });
            for (io.netty.channel.EventLoop loop : context.ports().eachLoop()) {
              loop.submit(() -> {
                new io.netty.channel.SimpleChannelInboundHandler<String>() {
                  protected void channelRead0(io.netty.channel.ChannelHandlerContext c, String s) {}
                };
                new io.netty.util.concurrent.FastThreadLocal<Object>().set(new Object() {});
              }).sync();
            }
            context.timers().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.MILLISECONDS);
            return () -> {};
        """).write(plugins.resolve("sticky.jar"));
    await().atMost(EFFECTIVE).until(() -> tags().contains("sticky"));
    WeakReference<ClassLoader> loader = new WeakReference<>(suppliers().getFirst().getClass().getClassLoader());
    Files.delete(plugins.resolve("sticky.jar"));
    await().atMost(EFFECTIVE).until(() -> suppliers().isEmpty());
    collected(loader);
  }

  private static void collected(WeakReference<ClassLoader> loader) {
    await().atMost(Duration.ofSeconds(80)).pollInterval(Duration.ofMillis(100)).until(() -> {
      System.gc();
      return loader.get() == null;
    });
  }

  @Test
  void badJarsAreRefusedWithAReasonAndWhatRanGoesOn() throws Exception {
    start();
    Path jar = plugins.resolve("tag.jar");
    Path good = tagged("tag", "good").write(jar);
    await().atMost(EFFECTIVE).until(() -> tags().contains("good"));
    byte[] bytes = Files.readAllBytes(good);

    Files.write(jar, java.util.Arrays.copyOf(bytes, bytes.length - 100));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("tag")).contains("truncated"));
    assertThat(tags()).containsExactly("good");

    jar().file("readme.txt", "nothing").write(jar);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("tag")).contains("offers nothing"));
    assertThat(tags()).containsExactly("good");

    jar().module("tag", "if (true) throw new IllegalStateException(\"no luck\"); return () -> {};").write(jar);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("tag")).contains("no luck"));
    assertThat(tags()).containsExactly("good");

    jar().module("tag", """
            return new Running() {
              public CompletionStage<Void> ready() { return CompletableFuture.failedFuture(new Exception("never ready")); }
              public void close() {}
            };
        """).write(jar);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("tag")).contains("never ready"));
    assertThat(tags()).containsExactly("good");

    Files.copy(tagged("tag", "better").write(folder.resolve("better.jar")), jar, StandardCopyOption.REPLACE_EXISTING);
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(tags()).containsExactly("better"));
    assertThat(reasonOf("tag")).isEmpty();
  }

  @Test
  void anAdapterThatThrowsInItsConstructorIsRefused() throws Exception {
    start();
    jar().source("Factory", """
            public final class Factory implements dev.tenon.spi.policy.AdapterFactory {
              public Factory() { throw new IllegalStateException("no database"); }
              public String name() { return "x"; }
              public java.util.Set<dev.tenon.spi.policy.Template> templates() { return java.util.Set.of(); }
              public dev.tenon.spi.policy.Adapter build(dev.tenon.spi.config.Fields params) { return null; }
            }
            """)
        .file("META-INF/services/dev.tenon.spi.policy.AdapterFactory", "sample.Factory")
        .write(plugins.resolve("broken.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("broken"))
        .contains("sample.Factory failed in its constructor").contains("no database"));
  }

  @Test
  void aBundleThatNeedsMoreThanThePlatformGivesIsRefusedWithThePackage() throws Exception {
    start();
    tagged("tag", "x").header("Import-Package", "org.osgi.framework,dev.tenon.spi.lifecycle,com.example.missing").write(plugins.resolve("tag.jar"));
    await().atMost(EFFECTIVE).untilAsserted(() -> assertThat(reasonOf("tag")).contains("com.example.missing"));
  }

  @Test
  void offersLastExactlyAsLongAsTheModule() throws Exception {
    start();
    jar().module("late", """
            CompletableFuture<Void> ready = new CompletableFuture<>();
            context.offer(Supplier.class, () -> "late");
            context.timers().schedule(() -> ready.complete(null), 300, TimeUnit.MILLISECONDS);
            return new Running() {
              public CompletionStage<Void> ready() { return ready; }
              public void close() {}
            };
        """).write(plugins.resolve("late.jar"));
    await().atMost(EFFECTIVE).until(() -> running().modules().status().stream().anyMatch(each -> each.state().equals("starting")));
    assertThat(suppliers()).as("not before it is ready").isEmpty();
    await().atMost(EFFECTIVE).until(() -> tags().contains("late"));
  }
}
