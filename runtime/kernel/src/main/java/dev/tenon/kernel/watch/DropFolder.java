package dev.tenon.kernel.watch;

import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the drop folder on one thread: looks when the system says that something happened, at short
 * intervals while a file is being written, and every second anyway.
 */
public final class DropFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DropFolder.class);
  private static final long SETTLING_MILLIS = 50;
  private static final long IDLE_MILLIS = 1_000;

  /** What the folder tells. Called on the watching thread, and during {@link #open}. */
  public interface Listener {
    /**
     * What lies there now; what is missing of the last call is gone.
     *
     * @param jars each whole
     * @param disabled the names of the files {@code NAME.disabled}
     */
    void lies(List<Given> jars, Set<String> disabled);

    /** Those who are trusted changed; {@link #lies} follows. */
    void judge();

    /** A file cannot be used. */
    void refused(Path file, String reason);

    /** A refused file changed or is gone. */
    void forgiven(Path file);
  }

  private final Path folder;
  private final WatchService events;
  private final Look look;
  private final Listener listener;
  private final Consumer<List<Given>> afterwards;
  private boolean unreadable;

  private DropFolder(Path folder, WatchService events, Store store, Listener listener, Consumer<List<Given>> afterwards) {
    this.folder = folder;
    this.events = events;
    this.listener = listener;
    this.afterwards = afterwards;
    this.look = new Look(folder, store, new Look.Listener() {
      @Override
      public void refused(Path file, String reason) {
        listener.refused(file, reason);
      }

      @Override
      public void forgiven(Path file) {
        listener.forgiven(file);
      }
    });
  }

  /**
   * Makes the folder if it is missing, tells of what lies there already, and begins to watch.
   *
   * @param afterwards called from time to time with the jars that lie there, when nothing is under way
   */
  public static DropFolder open(Path folder, Store store, Listener listener, Consumer<List<Given>> afterwards) throws IOException {
    Files.createDirectories(folder);
    WatchService events = folder.getFileSystem().newWatchService();
    DropFolder drop = new DropFolder(folder, events, store, listener, afterwards);
    drop.register();
    drop.look.again(true);
    listener.lies(drop.look.jars(), drop.look.disabled());
    Thread.ofPlatform().daemon().name("kernel-watch").start(drop::watch);
    return drop;
  }

  private void register() throws IOException {
    folder.register(events, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  private void watch() {
    try {
      while (true) {
        WatchKey key = events.poll(look.waiting() ? SETTLING_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          TimeUnit.MILLISECONDS.sleep(10);
          key.pollEvents();
          if (!key.reset()) {
            again();
          }
        }
        see();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      log.debug("no longer watching {}", folder);
    }
  }

  /**
   * The folder was deleted or moved away: watch the one that comes in its place. It is not made anew, since
   * an empty folder is a wish to remove everything.
   */
  private void again() {
    try {
      register();
    } catch (IOException e) {
      log.debug("{} cannot be watched now", folder, e);
    }
  }

  private void see() {
    try {
      if (look.judge()) {
        listener.judge();
        listener.lies(look.jars(), look.disabled());
      }
      if (look.again(false)) {
        listener.lies(look.jars(), look.disabled());
      }
      if (unreadable) {
        unreadable = false;
        log.info("the drop folder {} can be read again", folder);
        again();
      }
      if (!look.waiting()) {
        afterwards.accept(look.jars());
      }
    } catch (IOException | RuntimeException e) {
      if (!unreadable) {
        unreadable = true;
        log.error("the drop folder {} cannot be read ({}); what runs goes on; make it again", folder, e.toString());
      }
      again();
    }
  }

  @Override
  public void close() {
    try {
      events.close();
    } catch (IOException e) {
      log.debug("closing the watch on {} failed", folder, e);
    }
  }
}
