package dev.tenon.galley.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls when something below a directory may have changed: soon after the file system says so, and in
 * any case once in a while. Calls come one after the other, on a virtual thread that ends with
 * {@link #close}.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final long QUIET_MILLIS = 20;
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Path root;
  private final Duration rescan;
  private final Runnable onChange;
  private final @Nullable WatchService service;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Starts watching. Where the system has no more watches to give, it only looks once in a while.
   *
   * @param rescan how often a change that nobody told of is looked for
   */
  public Watch(Path root, Duration rescan, Runnable onChange) {
    this.root = root;
    this.rescan = rescan;
    this.onChange = onChange;
    this.service = open(root, rescan);
    Thread.ofVirtual().name("galley-watch").start(this::run);
  }

  private static @Nullable WatchService open(Path root, Duration rescan) {
    try {
      return root.getFileSystem().newWatchService();
    } catch (IOException e) {
      LOG.warn("{} is not watched ({}); it is looked at every {} s", root, e.toString(), rescan.toSeconds());
      return null;
    }
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        // Before the look, so that nothing changes between the two unseen.
        register();
        onChange.run();
        pause();
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("no longer watching {}", root);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until something happens, and then until it is quiet. */
  private void pause() throws InterruptedException {
    if (service == null) {
      boolean ended = closed.await(rescan.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("looking again: {}", !ended);
      return;
    }
    WatchKey key = service.poll(rescan.toMillis(), TimeUnit.MILLISECONDS);
    long end = System.nanoTime() + LONGEST_WAIT_NANOS;
    while (key != null) {
      key.pollEvents();
      key.reset();
      key = System.nanoTime() - end < 0 ? service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS) : null;
    }
  }

  private void register() {
    if (service == null) {
      return;
    }
    try {
      Files.walkFileTree(root, new Registration(service));
    } catch (IOException e) {
      LOG.warn("{} is not watched ({}); it is looked at every {} s", root, e.toString(), rescan.toSeconds());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    if (service == null) {
      return;
    }
    try {
      service.close();
    } catch (IOException e) {
      LOG.debug("closing the watch on {}", root, e);
    }
  }

  private final class Registration extends SimpleFileVisitor<Path> {
    private final WatchService service;

    Registration(WatchService service) {
      this.service = service;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
      if (!directory.equals(root) && String.valueOf(directory.getFileName()).startsWith(".")) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      directory.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
