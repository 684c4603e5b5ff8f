package dev.tenon.registry.vm;

import dev.tenon.registry.vm.accept.RegistrationService;
import dev.tenon.registry.vm.accept.WorkloadAdminService;
import dev.tenon.registry.vm.keep.Disk;
import dev.tenon.registry.vm.keep.FolderLock;
import dev.tenon.registry.vm.keep.Keeper;
import dev.tenon.registry.vm.keep.LeaseFolder;
import dev.tenon.registry.vm.keep.Serial;
import dev.tenon.registry.vm.keep.SharedLeases;
import dev.tenon.registry.vm.keep.Shelf;
import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Held;
import dev.tenon.registry.vm.lease.Kept;
import dev.tenon.registry.vm.lease.Lease;
import dev.tenon.registry.vm.lease.LeaseDesk;
import dev.tenon.registry.vm.publish.VmRegistry;
import dev.tenon.registry.vm.publish.WorkloadEntries;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.registry.LeaseStore;
import dev.tenon.spi.registry.Registry;
import dev.tenon.spi.rules.WorkloadGroup;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages of the registry, joined: streams → desk → disk → catalog.
 *
 * <p>Two generations may share the folder of leases. The one with the folder's lock acts: it admits
 * workloads, writes and expires. A newer one follows: it publishes what the folder says, reads it
 * again for each new subscriber, lets streams wait, and acts as soon as the older one has drained and
 * given up the lock.
 *
 * <p>Where several control planes share the place of the leases, each acts for those that it holds, and
 * publishes those of the others too; the one that leads takes over what nobody holds.
 */
final class Registrar implements AutoCloseable {
  /** How many workloads one registry holds. */
  static final int MOST_LEASES = 10_000;

  private static final long SWEEP_MILLIS = 250;
  private static final long TAKE_OVER_MILLIS = 20;
  private static final long WAIT_MILLIS = 100;
  private static final long WRITE_AGAIN_MILLIS = 5_000;
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

  private enum Phase {
    FOLLOWING,
    ACTING,
    CLOSED
  }

  private final Optional<LeaseFolder> folder;
  private final Optional<SharedLeases> shared;
  private final FolderLock lock;
  private final Serial serial = new Serial();
  private final VmRegistry registry = new VmRegistry(InstantSource.system(), this::follow);
  private final Keeper keeper;
  private final LeaseDesk desk;
  private final CompletableFuture<Void> whole = new CompletableFuture<>();
  private List<Lease> known = List.of();
  private Phase phase = Phase.FOLLOWING;
  private boolean locked;
  private volatile boolean damaged;
  private volatile Optional<LeaseStore.View> view = Optional.empty();
  private volatile boolean leads = true;

  /**
   * A registrar that has not read anything yet, and keeps its leases in files.
   *
   * @param clock nanoseconds that never go back
   */
  Registrar(Path directory, Disk disk, LongSupplier clock) throws IOException {
    this(directory, Optional.of(new LeaseFolder(directory, disk)), Optional.empty(), clock);
  }

  /**
   * A registrar that has not read anything yet, and shares the place of its leases with others.
   *
   * @param directory what two generations of this process know from each other who acts by
   */
  Registrar(Path directory, SharedLeases shared, LongSupplier clock) throws IOException {
    this(Files.createDirectories(directory), Optional.empty(), Optional.of(shared), clock);
  }

  private Registrar(Path directory, Optional<LeaseFolder> folder, Optional<SharedLeases> shared, LongSupplier clock) throws IOException {
    this.folder = folder;
    this.shared = shared;
    this.lock = new FolderLock(directory);
    Shelf shelf = folder.<Shelf>map(each -> each).orElseGet(shared::orElseThrow);
    this.keeper = new Keeper(shelf, serial, registry::apply, registry::trouble);
    this.desk = new LeaseDesk(MOST_LEASES, leaseIds(), clock, keeper);
  }

  private static Supplier<String> leaseIds() {
    SecureRandom random = new SecureRandom();
    return () -> {
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    };
  }

  Registry registry() {
    return registry;
  }

  BindableService service() {
    return new RegistrationService(desk, registry);
  }

  /**
   * For operators.
   *
   * @param parser who reads YAML now
   */
  BindableService administration(Supplier<Optional<TextParser>> parser) {
    return new WorkloadAdminService(desk, registry, parser);
  }

  /** Every lease as an object of configuration that nobody wrote. */
  LiveObjects entries() {
    return new WorkloadEntries(registry);
  }

  /** What its group says of each workload, from now on. */
  void groups(Map<String, WorkloadGroup> groups) {
    registry.groups(groups);
  }

  /** Reads the leases and publishes the first catalog, as soon as they can be read, then goes on by timers. */
  void start(ScheduledExecutorService timers) throws IOException {
    shared.ifPresent(each -> registry.waits("waits for the leases that lie " + each.place()));
    if (!tryToAct()) {
      publishKnown();
      if (folder.isPresent()) {
        LOG.info("{} leases read; an older generation still holds them", known.size());
      }
      takeOverLater(timers);
    }
    every(SWEEP_MILLIS, timers, this::sweep);
    every(WRITE_AGAIN_MILLIS, timers, this::writeAgain);
  }

  /** Done when there is a catalog. */
  CompletionStage<Void> whole() {
    return whole.minimalCompletionStage();
  }

  /** What lies in the place that is shared, now. */
  void seen(LeaseStore.View now) {
    boolean other = !view.map(LeaseStore.View::trouble).equals(Optional.of(now.trouble()));
    view = Optional.of(now);
    if (other) {
      registry.trouble(now.trouble());
    }
    serial.execute(this::followShared);
  }

  /** The latest view alone counts: an older one may lack what was written since. */
  private synchronized void followShared() {
    if (phase == Phase.ACTING) {
      List<Change> changes = desk.follow(kept(), leads);
      if (!changes.isEmpty()) {
        registry.apply(changes);
      }
    } else if (phase == Phase.FOLLOWING) {
      known = kept().stream().map(Kept::lease).toList();
      registry.replace(known);
      whole.complete(null);
    }
  }

  private List<Kept> kept() {
    return view.map(shared.orElseThrow()::read).orElse(List.of());
  }

  /** Ends what is past its time. */
  void sweep() {
    desk.sweep();
  }

  /** Whether this replica takes over the leases that nobody holds; it does until told otherwise. */
  void lead(boolean ours) {
    if (ours != leads && shared.isPresent()) {
      LOG.info(ours ? "leases that nobody holds are looked after here" : "leases that nobody holds are looked after by another control plane, or by none while none leads");
    }
    leads = ours;
    if (shared.isPresent() && view.isPresent()) {
      serial.execute(this::followShared);
    }
  }

  /** A task that fails once is run again all the same. */
  private static void every(long millis, ScheduledExecutorService timers, Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("a periodic task of the registry failed", e);
          }
        };
    var _ = timers.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void takeOverLater(ScheduledExecutorService timers) {
    long millis = folder.isEmpty() && view.isEmpty() ? WAIT_MILLIS : TAKE_OVER_MILLIS;
    var _ = timers.schedule(() -> serial.execute(() -> takeOver(timers)), millis, TimeUnit.MILLISECONDS);
  }

  private void takeOver(ScheduledExecutorService timers) {
    try {
      if (!tryToAct() && !timers.isShutdown()) {
        takeOverLater(timers);
      }
    } catch (IOException e) {
      LOG.error("the folder of leases cannot be read again, going on with what it said before", e);
      act(known, known);
    }
  }

  /** Acts if the lock can be had and the leases be read, unless closed meanwhile; false while an older generation has it. */
  private synchronized boolean tryToAct() throws IOException {
    if (phase != Phase.FOLLOWING) {
      return true;
    }
    locked = locked || lock.take();
    if (!locked || (folder.isEmpty() && view.isEmpty())) {
      return false;
    }
    if (folder.isPresent()) {
      List<Lease> leases = folder.get().read(true);
      act(leases, leases);
    } else {
      List<Kept> all = kept();
      act(all.stream().map(Kept::lease).toList(), all.stream().filter(each -> each.held() == Held.HERE).map(Kept::lease).toList());
      desk.follow(all, leads);
    }
    return true;
  }

  private synchronized void act(List<Lease> all, List<Lease> ours) {
    if (phase != Phase.FOLLOWING) {
      return;
    }
    phase = Phase.ACTING;
    registry.replace(all);
    remark();
    desk.admit(ours);
    whole.complete(null);
    if (!all.isEmpty()) {
      LOG.info("{} leases read back, each has at least {} s to be renewed", all.size(), LeaseDesk.GRACE.toSeconds());
    }
  }

  private synchronized void publishKnown() throws IOException {
    if (folder.isPresent()) {
      known = folder.get().read(false);
      registry.replace(known);
      whole.complete(null);
    }
  }

  /** A subscriber of a generation that follows is given what the acting one has written by now. */
  private synchronized void follow() {
    if (phase == Phase.FOLLOWING) {
      try {
        publishKnown();
      } catch (IOException e) {
        LOG.warn("the folder of leases cannot be read again, going on with what it said before", e);
      }
    }
  }

  private void writeAgain() {
    synchronized (this) {
      if (phase != Phase.ACTING) {
        return;
      }
      keeper.again();
    }
    if (damaged) {
      remark();
    }
  }

  /** Damaged leases are spoken of for as long as their files lie there. */
  private void remark() {
    try {
      String aside = folder.isPresent() ? folder.get().aside() : "";
      damaged = !aside.isEmpty();
      registry.remark(aside);
    } catch (IOException e) {
      LOG.debug("the folder of leases cannot be listed now", e);
    }
  }

  /** Ends every stream with a word to come back, and gives up the lock when all is written. */
  CompletionStage<Void> drain() {
    synchronized (this) {
      phase = Phase.CLOSED;
    }
    desk.close();
    CompletableFuture<Void> released = new CompletableFuture<>();
    serial.execute(
        () -> {
          lock.close();
          released.complete(null);
        });
    return released;
  }

  @Override
  public void close() {
    drain();
  }
}
