package dev.tenon.kernel.watch;

import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.load.Store;
import dev.tenon.kernel.load.Untrusted;
import dev.tenon.kernel.plan.Given;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was seen in a folder at the last look, and what has become of it since. A jar counts once two
 * looks in a row saw it unchanged and its end is whole. A file that is replaced by a bad one goes on
 * counting as what it was, for as long as there is a file.
 *
 * <p>Not thread-safe.
 */
final class Look {
  /** What a look found out. */
  interface Listener {
    /** A file cannot be used. */
    void refused(Path file, String reason);

    /** A refused file changed or is gone. */
    void forgiven(Path file);
  }

  /** How long an incomplete file may stay as it is before it is called truncated. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How soon a file that could not be copied is tried again: the disk was full, most likely. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private static final String DISABLED = ".disabled";

  /** A file at one moment. */
  private record Print(long size, FileTime written, FileTime changed, Object key) {
    static Print of(Path file) throws IOException {
      return new Print(
          Files.size(file),
          Files.getLastModifiedTime(file),
          (FileTime) Files.getAttribute(file, "unix:ctime"),
          Files.getAttribute(file, "unix:ino"));
    }

    long stamp() {
      return changed.to(TimeUnit.NANOSECONDS);
    }
  }

  /** What is known of one file. */
  private static final class Entry {
    Print print;
    long unchangedSince;
    boolean settled;
    boolean refused;
    boolean missed;
    long againAt = Long.MAX_VALUE;
    @Nullable Given given;

    Entry(Print print, long now) {
      this.print = print;
      this.unchangedSince = now;
    }
  }

  private final Path folder;
  private final Store store;
  private final Listener listener;
  private final Map<Path, Entry> entries = new TreeMap<>();
  private Set<String> disabled = Set.of();

  Look(Path folder, Store store, Listener listener) {
    this.folder = folder;
    this.store = store;
    this.listener = listener;
  }

  /**
   * Looks once.
   *
   * @param trusting take what is whole at first sight; for the start, when nobody is copying
   * @return whether the list of jars changed
   * @throws IOException when the folder cannot be read; then nothing changed
   */
  boolean again(boolean trusting) throws IOException {
    boolean changed = false;
    Set<Path> seen = new HashSet<>();
    Set<String> unwanted = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.{jar,disabled}")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(DISABLED)) {
          unwanted.add(name.substring(0, name.length() - DISABLED.length()));
          continue;
        }
        Print print = print(file);
        if (print != null) {
          changed |= look(file, print, trusting);
          seen.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    changed |= !unwanted.equals(disabled);
    disabled = Set.copyOf(unwanted);
    for (Path gone : entries.keySet().stream().filter(each -> !seen.contains(each)).toList()) {
      changed |= missed(gone);
    }
    return changed;
  }

  /**
   * Judges everything once more when those who are trusted changed.
   *
   * @return whether they did
   */
  boolean judge() {
    if (!store.gateChanged()) {
      return false;
    }
    entries.forEach((file, entry) -> {
      entry.settled &= !entry.refused;
      if (entry.given != null) {
        judge(file, entry, entry.given);
      }
    });
    return true;
  }

  private void judge(Path file, Entry entry, Given given) {
    try {
      entry.given = store.again(given);
    } catch (Untrusted e) {
      entry.given = null;
      refuse(file, entry, e);
    }
  }

  private void refuse(Path file, Entry entry, Refused reason) {
    entry.settled = true;
    if (entry.refused && entry.againAt != Long.MAX_VALUE) {
      return;
    }
    entry.refused = true;
    listener.refused(file, String.valueOf(reason.getMessage()));
  }

  /** Null when it is no file, or was renamed or deleted since the folder was listed: the next look knows. */
  private static @Nullable Print print(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) ? Print.of(file) : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Gone for two looks in a row is gone; once may be a tool that deletes before it writes. */
  private boolean missed(Path file) {
    Entry entry = entries.get(file);
    if (entry == null || !entry.missed) {
      if (entry != null) {
        entry.missed = true;
      }
      return false;
    }
    entries.remove(file);
    forgive(file, entry);
    return entry.given != null;
  }

  private boolean look(Path file, Print print, boolean trusting) throws IOException {
    long now = System.nanoTime();
    Entry entry = entries.get(file);
    if (entry == null) {
      entry = new Entry(print, now);
      entries.put(file, entry);
      return trusting && settle(file, entry, now);
    }
    entry.missed = false;
    if (!entry.print.equals(print)) {
      entry.print = print;
      entry.unchangedSince = now;
      entry.settled = false;
      return false;
    }
    entry.settled &= now < entry.againAt;
    return !entry.settled && settle(file, entry, now);
  }

  private boolean settle(Path file, Entry entry, long now) throws IOException {
    try {
      entry.againAt = Long.MAX_VALUE;
      Given given = store.take(file, true, entry.print.stamp());
      if (!entry.print.equals(print(file))) {
        return false;
      }
      entry.settled = true;
      forgive(file, entry);
      boolean same = given.equals(entry.given);
      entry.given = given;
      return !same;
    } catch (NoSuchFileException e) {
      return false;
    } catch (Untrusted e) {
      refuse(file, entry, e);
    } catch (Refused e) {
      if (now - entry.unchangedSince > PATIENCE.toNanos()) {
        refuse(file, entry, e);
      }
    } catch (IOException e) {
      entry.againAt = now + RETRY.toNanos();
      refuse(file, entry, new Refused("cannot be copied (" + e + "); it is tried again when there is room and it may be read", e));
    }
    return false;
  }

  private void forgive(Path file, @Nullable Entry entry) {
    if (entry != null && entry.refused) {
      entry.refused = false;
      listener.forgiven(file);
    }
  }

  /** Whether a file is waited for. */
  boolean waiting() {
    return entries.values().stream().anyMatch(each -> !each.settled || each.missed);
  }

  /** The names of modules that are not wanted. */
  Set<String> disabled() {
    return disabled;
  }

  /** Every jar that counts. */
  List<Given> jars() {
    List<Given> jars = new ArrayList<>();
    entries.values().forEach(each -> {
      if (each.given != null) {
        jars.add(each.given);
      }
    });
    return jars;
  }
}
