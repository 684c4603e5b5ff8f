package dev.tenon.kernel.boot;

import dev.tenon.kernel.admit.Tokens;
import dev.tenon.kernel.change.Changes;
import dev.tenon.kernel.guard.Guarding;
import dev.tenon.kernel.guard.Roll;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Bundles;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.kernel.ports.Doors;
import dev.tenon.kernel.ports.Loops;
import dev.tenon.kernel.prove.Proof;
import dev.tenon.kernel.serve.AdminSocket;
import dev.tenon.kernel.serve.Front;
import dev.tenon.kernel.serve.MeshAccess;
import dev.tenon.kernel.serve.ModuleService;
import dev.tenon.kernel.serve.RemoteAccess;
import dev.tenon.kernel.serve.TokenService;
import dev.tenon.kernel.swap.Deadlines;
import dev.tenon.kernel.swap.Facilities;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.kernel.watch.DropFolder;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.lifecycle.Arrivals;
import dev.tenon.spi.lifecycle.ProcessInfo;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's kernel, put together in order. Closing takes it apart in reverse. {@link Boot} runs a
 * whole process around it; a test may run one inside its own.
 */
public final class Kernel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Kernel.class);
  private static final Duration LOAD = Duration.ofSeconds(30);

  /** How long the drop folder may take to see what was written there. */
  private static final Duration UNTIL_SEEN = Duration.ofSeconds(10);

  /** What is closed at the end, the last first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final CountDownLatch stop = new CountDownLatch(1);
  private final KernelSettings settings;
  private final OfferTable offers = new OfferTable();
  private final Journal journal;
  private final Modules modules;
  private final Loops loops;
  private final Guarding guarding;
  private final Proof proof;
  private volatile boolean ready;

  private Kernel(BootOptions options, KernelSettings settings, Node.Mapping all) throws IOException, Refused {
    this.settings = settings;
    try {
      RunDirectory run = part(RunDirectory.take(settings.run()));
      journal = part(Journal.open(run.kept().resolve("history")));
      Ledger ledger = part(Ledger.open(run.kept()));
      Roll roll = new Roll();
      loops = part(Loops.start(settings.loops(), roll.loops()));
      Doors doors = part(new Doors(loops));
      BooleanSupplier started = () -> ready;
      Front administration = part(Front.administration(offers, started, loops));
      Front mesh = part(Front.mesh(offers, started, loops));
      if (settings.grpc().isPresent()) {
        doors.listen(settings.grpc().get(), mesh::take);
      }
      if (settings.secure().isPresent()) {
        MeshAccess access = part(MeshAccess.following(offers));
        Front secure = part(Front.secureMesh(offers, started, loops, access));
        doors.listen(settings.secure().get(), secure::take);
      }
      guarding = part(new Guarding(roll, (module, reason) -> journal.trouble(module, "stopped", reason)));
      Bundles bundles = part(Bundles.start(options.home().resolve("platform.exports"), run.cache().resolve("framework"),
          jar -> jar.overlay() && !settings.modules().contains(jar.module())));
      ProcessInfo process = new ProcessInfo(settings.profile(), options.version());
      Trust trust = settings.trust().open();
      Store store = Store.in(run.cache().resolve("jars"), trust);
      Deadlines deadlines = new Deadlines(LOAD, settings.start(), settings.ready(), settings.warm(), settings.drain(), settings.close());
      proof = part(new Proof(run.cache().resolve("proof"), settings.unload(), loops, new Told(journal)));
      modules = part(new Modules(new Facilities(process, all, run.state(), bundles, store, loops, doors, offers, proof, guarding, ledger, journal),
          deadlines, settings.modules()));
      var _ = modules.whenReady().thenRun(() -> ready = true);
      offers.offer(TextParser.class, new YamlText(), options.version());
      Changes changes = new Changes(settings.plugins(), store, modules, ledger, journal,
          new Changes.Limits(settings.admin().largestJar(), deadlines.untilSwitched().plus(UNTIL_SEEN), deadlines.untilGone().plus(UNTIL_SEEN)));
      offers.offer(BindableService.class, new ModuleService(process, modules, changes, ledger, journal, trust, this::stop), options.version());
      Tokens tokens = Tokens.open(run.kept().resolve("tokens"));
      offers.offer(BindableService.class, new TokenService(tokens), options.version());
      part(AdminSocket.open(run.socket(), doors, administration));
      if (settings.admin().remote().isPresent()) {
        AdminSection.Remote remote = settings.admin().remote().get();
        Front front = part(Front.remote(offers, started, loops, RemoteAccess.of(remote.certificate(), remote.key(), tokens)));
        doors.listen(remote.address(), front::take);
      }
      Changes.recover(settings.plugins(), ledger);
      Distribution distribution = Distribution.in(options.home().resolve("modules"), settings.modules(), settings.startPlugins(), store, modules);
      Wish wish = new Wish(modules, distribution, settings.modules(), new Revival(ledger, store));
      Arriving arriving = new Arriving(wish::asked);
      offers.offer(Arrivals.class, arriving, options.version());
      offers.whenAsked(arriving::asked);
      part(DropFolder.open(settings.plugins(), store, wish,
          given -> wish.tidy(store)));
    } catch (IOException | Refused | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a kernel inside this program, which looks after its log itself. Modules are starting when it
   * returns.
   *
   * @throws BadConfig with all that is wrong in the settings
   * @throws IOException when the run directory or a file of the distribution cannot be used
   * @throws Refused when the module framework does not start
   */
  public static Kernel start(BootOptions options) throws BadConfig, IOException, Refused {
    Node.Mapping all = Settings.read(options);
    return start(options, KernelSettings.read(all, options.profile()), all);
  }

  /** Starts everything; modules are starting when it returns. */
  static Kernel start(BootOptions options, KernelSettings settings, Node.Mapping all) throws IOException, Refused {
    return new Kernel(options, settings, all);
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  /** All modules, and what became of each jar. */
  public Modules modules() {
    return modules;
  }

  /** What happened to them. */
  public Journal journal() {
    return journal;
  }

  /** What became of the class loaders of closed modules. */
  public Proof proof() {
    return proof;
  }

  /** What the modules lend each other. */
  public OfferTable offers() {
    return offers;
  }

  /** What stands round plugs. */
  public Guarding guarding() {
    return guarding;
  }

  Loops loops() {
    return loops;
  }

  Path socket() {
    return settings.run().resolve("admin.sock");
  }

  /** Begins the end; returns at once. */
  void stop() {
    stop.countDown();
  }

  void awaitStop() throws InterruptedException {
    stop.await();
  }

  Map<String, List<Modules.Failure>> awaitStart() throws InterruptedException {
    return modules.awaitStart();
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
