package dev.tenon.kernel.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder into which jars are dropped. Write-then-rename and plain copy both work: a jar is reported
 * once it was seen unchanged for 150 ms and its archive is whole. One that stays broken for a second is
 * reported with its problem. While a known jar is written over, the known one counts.
 *
 * <p>The listener is told the whole list, at the start and after each change, on the folder's own
 * thread.
 */
public final class Folder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final long BROKEN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_AGAIN_MILLIS = 50;
  private static final long LOOK_ANYWAY_MILLIS = 1000;
  private static final int MOST_JARS = 500;
  private final Path directory;
  private final Consumer<List<Dropped>> listener;
  private final WatchService events;
  private final Thread thread;
  private final Map<Path, Candidate> candidates = new HashMap<>();
  private @Nullable List<Dropped> told;

  /** Starts watching; the folder is made if it is not there. */
  public Folder(Path directory, Consumer<List<Dropped>> listener) throws IOException {
    this.directory = directory;
    this.listener = listener;
    Files.createDirectories(directory);
    events = directory.getFileSystem().newWatchService();
    register();
    thread = Thread.ofPlatform().daemon().name("watch-plugins").start(this::watch);
  }

  private void watch() {
    boolean restless = look();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        WatchKey key = events.poll(restless ? LOOK_AGAIN_MILLIS : LOOK_ANYWAY_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          if (!key.reset()) {
            register();
          }
        }
        restless = look();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      LOG.debug("no longer watching {}", directory);
    } catch (IOException e) {
      LOG.error("cannot watch {} any more: {}; jars dropped there are not seen until a restart", directory, e.toString());
    }
  }

  private void register() throws IOException {
    Files.createDirectories(directory);
    directory.register(
        events,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  /** Looks once, tells the listener of a change; true when some file has not come to rest. */
  private boolean look() {
    boolean restless = false;
    List<Dropped> present = new ArrayList<>();
    List<Path> files = list();
    candidates.keySet().retainAll(files);
    for (Path file : files) {
      Candidate candidate = candidates.computeIfAbsent(file, any -> new Candidate());
      restless |= !candidate.look(file);
      if (candidate.settled != null) {
        present.add(candidate.settled);
      }
    }
    if (!present.equals(told)) {
      told = List.copyOf(present);
      try {
        listener.accept(told);
      } catch (RuntimeException e) {
        LOG.error("the change in {} could not be carried out", directory, e);
      }
    }
    return restless;
  }

  private List<Path> list() {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(file -> file.toString().endsWith(".jar")).filter(Files::isRegularFile).sorted().limit(MOST_JARS).toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("cannot list {}: {}", directory, e.toString());
      return List.of();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      events.close();
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (IOException e) {
      LOG.debug("closing the watch of {} failed: {}", directory, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is known of one file. */
  private static final class Candidate {
    private @Nullable Object stamp;
    private long since;
    private @Nullable Dropped settled;
    private boolean judged;

    /** Looks at the file; true when there is nothing to wait for. */
    boolean look(Path file) {
      try {
        Object now = Jars.stamp(file);
        if (!now.equals(stamp)) {
          stamp = now;
          since = System.nanoTime();
          judged = false;
          return false;
        }
        long still = System.nanoTime() - since;
        if (judged || still < STILL_NANOS) {
          return judged;
        }
        String problem = Jars.problem(file);
        if (problem.isEmpty() || still > BROKEN_NANOS) {
          Dropped next = new Dropped(file, Jars.digest(file), problem);
          judged = now.equals(Jars.stamp(file));
          settled = judged ? next : settled;
        }
        return judged;
      } catch (IOException e) {
        // Gone, or not readable yet: the next look tells.
        stamp = null;
        return false;
      }
    }
  }
}
