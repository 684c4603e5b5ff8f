package dev.tenon.registry.vm;

import dev.tenon.registry.vm.accept.RegistrationService;
import dev.tenon.registry.vm.keep.Disk;
import dev.tenon.registry.vm.keep.FolderLock;
import dev.tenon.registry.vm.keep.Keeper;
import dev.tenon.registry.vm.keep.LeaseFolder;
import dev.tenon.registry.vm.keep.Serial;
import dev.tenon.registry.vm.lease.Lease;
import dev.tenon.registry.vm.lease.LeaseDesk;
import dev.tenon.registry.vm.publish.VmRegistry;
import dev.tenon.spi.registry.Registry;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
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
 */
final class Registrar implements AutoCloseable {
  /** How many workloads one registry holds. */
  static final int MOST_LEASES = 10_000;

  private static final long SWEEP_MILLIS = 250;
  private static final long TAKE_OVER_MILLIS = 20;
  private static final long WRITE_AGAIN_MILLIS = 5_000;
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

  private enum Phase {
    FOLLOWING,
    ACTING,
    CLOSED
  }

  private final LeaseFolder folder;
  private final FolderLock lock;
  private final Serial serial = new Serial();
  private final VmRegistry registry = new VmRegistry(InstantSource.system(), this::follow);
  private final Keeper keeper;
  private final LeaseDesk desk;
  private List<Lease> known = List.of();
  private Phase phase = Phase.FOLLOWING;
  private volatile boolean leads = true;

  /**
   * A registrar that has not read anything yet.
   *
   * @param clock nanoseconds that never go back
   */
  Registrar(Path directory, Disk disk, LongSupplier clock) throws IOException {
    this.folder = new LeaseFolder(directory, disk);
    this.lock = new FolderLock(directory);
    this.keeper = new Keeper(folder, serial, registry::apply, registry::trouble);
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
    return new RegistrationService(desk);
  }

  /** Reads the leases and publishes the first catalog, then goes on by timers. */
  void start(ScheduledExecutorService timers) throws IOException {
    if (!tryToAct()) {
      publishFolder();
      LOG.info("{} leases read; an older generation still holds them", known.size());
      takeOverLater(timers);
    }
    every(SWEEP_MILLIS, timers, this::sweep);
    every(WRITE_AGAIN_MILLIS, timers, this::writeAgain);
  }

  /** Ends what is past its time, if that is this replica's to do. */
  void sweep() {
    if (leads) {
      desk.sweep();
    } else {
      desk.pause();
    }
  }

  /** Whether this replica collects what nobody renews; it does until told otherwise. */
  void lead(boolean ours) {
    if (ours != leads) {
      LOG.info(ours ? "leases without beats are ended here" : "leases without beats are ended by another control plane, or by none while none leads");
      leads = ours;
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
    var _ = timers.schedule(() -> serial.execute(() -> takeOver(timers)), TAKE_OVER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void takeOver(ScheduledExecutorService timers) {
    try {
      if (!tryToAct() && !timers.isShutdown()) {
        takeOverLater(timers);
      }
    } catch (IOException e) {
      LOG.error("the folder of leases cannot be read again, going on with what it said before", e);
      act(known);
    }
  }

  /** Acts if the lock can be had, unless closed meanwhile; false while an older generation has it. */
  private synchronized boolean tryToAct() throws IOException {
    if (phase != Phase.FOLLOWING) {
      return true;
    }
    if (!lock.take()) {
      return false;
    }
    act(folder.read(true));
    return true;
  }

  private synchronized void act(List<Lease> leases) {
    if (phase != Phase.FOLLOWING) {
      return;
    }
    phase = Phase.ACTING;
    registry.replace(leases);
    desk.admit(leases);
    if (!leases.isEmpty()) {
      LOG.info("{} leases read back, each has at least {} s to be renewed", leases.size(), LeaseDesk.GRACE.toSeconds());
    }
  }

  private synchronized void publishFolder() throws IOException {
    known = folder.read(false);
    registry.replace(known);
  }

  /** A subscriber of a generation that follows is given what the acting one has written by now. */
  private synchronized void follow() {
    if (phase == Phase.FOLLOWING) {
      try {
        publishFolder();
      } catch (IOException e) {
        LOG.warn("the folder of leases cannot be read again, going on with what it said before", e);
      }
    }
  }

  private synchronized void writeAgain() {
    if (phase == Phase.ACTING) {
      keeper.again();
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
