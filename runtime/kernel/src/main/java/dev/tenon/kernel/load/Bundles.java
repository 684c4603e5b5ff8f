package dev.tenon.kernel.load;

import dev.tenon.kernel.guard.Account;
import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.slf4j.LoggerFactory;

/** The OSGi framework inside the kernel. Nothing outside this package sees it. */
public final class Bundles implements AutoCloseable {
  private final Felix framework;
  private final Path links;
  private final Path exports;
  private final Lock wiring = new ReentrantLock();
  private final AtomicLong number = new AtomicLong();
  private final Weaving weaving;
  private final Predicate<Given> woven;
  private @Nullable Platform platform;

  private Bundles(Felix framework, Path links, Path exports, Weaving weaving, Predicate<Given> woven) {
    this.framework = framework;
    this.exports = exports;
    this.links = links;
    this.weaving = weaving;
    this.woven = woven;
  }

  /**
   * Starts the framework.
   *
   * @param exports the file that the build made: a package with its version on each line
   * @param cache a folder for the framework alone; its sibling {@code loaded} is used too
   * @param woven which jars' classes are given checkpoints
   * @throws Refused when it does not start
   */
  public static Bundles start(Path exports, Path cache, Predicate<Given> woven) throws Refused {
    Map<String, Object> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, cache.toString());
    settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, packages(exports) + "," + Weaving.PACKAGE);
    settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    settings.put(Constants.FRAMEWORK_BUNDLE_PARENT, Constants.FRAMEWORK_BUNDLE_PARENT_BOOT);
    settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.*,sun.*,com.sun.*");
    settings.put("felix.bootdelegation.implicit", "false");
    settings.put("felix.service.urlhandlers", "false");
    settings.put("felix.cache.locking", "false");
    settings.put("felix.log.logger", new ToSlf4j());
    settings.put("felix.resolver.parallelism", "1");
    FirstUse.initialise();
    Felix framework = new Felix(settings);
    try {
      framework.init();
      framework.start();
      Weaving weaving = new Weaving();
      framework.getBundleContext().registerService(WeavingHook.class, weaving, null);
      return new Bundles(framework, Files.createDirectories(cache.resolveSibling("loaded")), exports, weaving, woven);
    } catch (BundleException | IOException e) {
      throw new Refused("the module framework does not start: " + e.getMessage(), e);
    }
  }

  private static String packages(Path exports) throws Refused {
    try (Stream<String> lines = Files.lines(exports)) {
      return lines.map(String::strip).filter(each -> !each.isEmpty() && !each.startsWith("#")).collect(Collectors.joining(","));
    } catch (IOException | UncheckedIOException e) {
      throw new Refused(exports + " cannot be read (" + e + "); the distribution is incomplete, build it again", e);
    }
  }

  /**
   * Gives a jar a class loader; runs none of its code.
   *
   * @param account whose checkpoints its classes are given, if they are
   * @throws Refused when it was built against another spi, or is no bundle
   */
  public Loaded load(Given jar, Account account) throws Refused {
    if (jar.overlay()) {
      check(jar);
    }
    wiring.lock();
    try {
      // A name of its own for each generation, so that two of one content can live side by side.
      Path link = links.resolve(jar.module().replaceAll("[^A-Za-z0-9_.-]", "_") + "-" + number.incrementAndGet() + ".jar");
      Files.createLink(link, jar.copy());
      Bundle bundle = framework.getBundleContext().installBundle("reference:file:" + link);
      if (woven.test(jar)) {
        weaving.begin(bundle, account);
      }
      return new Loaded(bundle, jar, link, wiring, () -> missingImports(bundle), () -> weaving.end(bundle));
    } catch (IOException e) {
      throw new Refused("cannot be linked into " + links + ": " + e, e);
    } catch (BundleException e) {
      throw new Refused("is no bundle that could be installed: " + e.getMessage(), e);
    } finally {
      wiring.unlock();
    }
  }

  /** Read when the first jar from outside comes: the distribution's own are not compared with it. */
  private synchronized Platform platform() throws IOException {
    Platform known = platform;
    if (known == null) {
      known = Platform.read(exports);
      platform = known;
    }
    return known;
  }

  /** What the distribution holds was built with it. */
  private void check(Given jar) throws Refused {
    try (JarFile original = new JarFile(jar.original().toFile(), false)) {
      SpiCheck.check(original, platform());
    } catch (IOException e) {
      throw new Refused("the kernel's copy of it cannot be read: " + e, e);
    }
  }

  private @Nullable String missingImports(Bundle bundle) {
    try {
      return Imports.explain(bundle, platform(), framework.getBundleContext().getBundles());
    } catch (IOException e) {
      LoggerFactory.getLogger(Bundles.class).debug("{} cannot be read", exports, e);
      return null;
    }
  }

  @Override
  public void close() {
    try {
      framework.stop();
      framework.waitForStop(2_000);
    } catch (BundleException e) {
      LoggerFactory.getLogger(Bundles.class).warn("the module framework did not stop cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The framework's own messages; what a module's failure means is said by the kernel. */
  private static final class ToSlf4j extends Logger {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(Bundles.class);

    @Override
    @SuppressWarnings("rawtypes") // as the framework declares it
    protected void doLog(Bundle bundle, ServiceReference reference, int level, String message, Throwable cause) {
      log.debug("{}", message, cause);
    }

    @Override
    protected void doLog(int level, String message, Throwable cause) {
      log.debug("{}", message, cause);
    }
  }
}
