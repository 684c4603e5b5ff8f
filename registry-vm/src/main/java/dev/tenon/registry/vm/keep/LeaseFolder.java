package dev.tenon.registry.vm.keep;

import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of lease files, {@code <namespace>.<name>.lease} each (neither part holds a dot).
 *
 * <p>Reading again reads only what was replaced since. Not thread-safe.
 */
public final class LeaseFolder implements Shelf {
  private static final String SUFFIX = ".lease";
  private static final String ASIDE = ".unreadable";
  private static final int WRITERS = 8;
  private static final int MOST_BYTES = 64 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(LeaseFolder.class);

  private record Read(Object mark, Lease lease) {}

  private final Path directory;
  private final Disk disk;
  private Map<String, Read> read = new HashMap<>();

  /** A directory, made if it is missing. */
  public LeaseFolder(Path directory, Disk disk) throws IOException {
    this.directory = directory;
    this.disk = disk;
    disk.makeDirectory(directory);
  }

  /**
   * Reads every lease there is.
   *
   * @param tidy whether the folder is this object's alone: then what cannot be read is set aside under
   *     another name and half-written files are deleted; else both are passed over
   * @throws IOException when the directory itself cannot be read
   */
  public List<Lease> read(boolean tidy) throws IOException {
    Map<String, Read> now = new HashMap<>();
    for (Map.Entry<String, Object> file : disk.list(directory).entrySet()) {
      String name = file.getKey();
      if (name.endsWith(SUFFIX)) {
        Read before = read.get(name);
        if (before != null && before.mark.equals(file.getValue())) {
          now.put(name, before);
        } else {
          readOne(name, file.getValue(), now, tidy);
        }
      } else if (tidy && name.endsWith(Disk.PARTIAL)) {
        disk.delete(directory.resolve(name));
      }
    }
    read = now;
    return now.values().stream().map(Read::lease).toList();
  }

  private void readOne(String name, Object mark, Map<String, Read> into, boolean tidy) {
    try {
      Lease lease = LeaseText.read(disk.read(directory.resolve(name), MOST_BYTES));
      if (!fileName(lease.key()).equals(name)) {
        throw new IOException("holds the lease of " + lease.key() + ", which its name does not say");
      }
      into.put(name, new Read(mark, lease));
    } catch (IOException e) {
      if (tidy) {
        setAside(name, e);
      }
    }
  }

  private void setAside(String name, IOException why) {
    Path file = directory.resolve(name);
    Path aside = directory.resolve(name + ASIDE);
    try {
      disk.rename(file, aside);
      LOG.warn("{} {}; it is set aside as {}. Its workload comes back when it next registers", file, why.getMessage(), aside.getFileName());
    } catch (IOException e) {
      LOG.warn("{} {}; it is passed over, and could not be set aside: {}", file, why.getMessage(), e.toString());
    }
  }

  /** One line about damaged files that were set aside and lie there still; empty when there are none. */
  public String aside() throws IOException {
    List<String> aside = disk.list(directory).keySet().stream().filter(each -> each.endsWith(SUFFIX + ASIDE)).sorted().toList();
    if (aside.isEmpty()) {
      return "";
    }
    return aside.size() + (aside.size() == 1 ? " lease file was" : " lease files were") + " damaged and set aside in " + directory + ": "
        + String.join(", ", aside.subList(0, Math.min(3, aside.size()))) + (aside.size() > 3 ? ", …" : "")
        + "; such a workload comes back when it next registers. Delete what you have looked at";
  }

  @Override
  public String place() {
    return "on disk";
  }

  /** Several are written at once: a disk forces eight files in little more time than one. */
  @Override
  public Map<Change, IOException> write(Collection<Change> changes) {
    Map<Change, IOException> failed = new ConcurrentHashMap<>();
    Queue<Change> rest = new ConcurrentLinkedQueue<>(changes);
    Runnable writer =
        () -> {
          for (Change change = rest.poll(); change != null; change = rest.poll()) {
            carryOut(change, failed);
          }
        };
    List<Thread> helpers = new ArrayList<>();
    for (int count = 1; count < Math.min(changes.size(), WRITERS); count++) {
      helpers.add(Thread.ofVirtual().start(writer));
    }
    writer.run();
    helpers.forEach(LeaseFolder::join);
    force(changes, failed);
    return Map.copyOf(failed);
  }

  private void carryOut(Change change, Map<Change, IOException> failed) {
    Path file = directory.resolve(fileName(change.key()));
    try {
      switch (change) {
        case Change.Put(Lease lease) -> disk.replace(file, LeaseText.write(lease));
        case Change.Removed ignored -> disk.delete(file);
      }
    } catch (IOException e) {
      failed.put(change, e);
    }
  }

  private void force(Collection<Change> changes, Map<Change, IOException> failed) {
    try {
      disk.force(directory);
    } catch (IOException e) {
      changes.forEach(change -> failed.putIfAbsent(change, e));
    }
  }

  private static void join(Thread helper) {
    boolean interrupted = Thread.interrupted();
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        interrupted = true; // what has begun is finished
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String fileName(String key) {
    return key.replace('/', '.') + SUFFIX;
  }
}
