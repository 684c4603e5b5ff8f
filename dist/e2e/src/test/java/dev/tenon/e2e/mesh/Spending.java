package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the journals of all processes of a mesh say of one handler: when each request was let go on, and from when to
 * when its fixed windows were. All times are of the machine's one monotonic clock.
 *
 * @param spent moments, in order; an amount of several is that often there
 * @param windows in order
 * @param lost lines that could not be written
 */
public record Spending(List<Long> spent, List<Window> windows, long lost) {
  /** A window is known by its end, which each grant of it tells again: no earlier and no later than this. */
  public record Window(long earliestEnd, long latestEnd) {}

  /** Reads them. */
  public static Spending of(String handler, Collection<Path> journals) throws IOException {
    List<Long> spent = new ArrayList<>();
    List<Window> told = new ArrayList<>();
    long lost = 0;
    for (Path journal : journals) {
      for (String line : Files.exists(journal) ? Files.readAllLines(journal) : List.<String>of()) {
        String[] word = line.split(" ", -1);
        if (word[0].equals("lost")) {
          lost += Long.parseLong(word[1]);
        } else if (word[0].equals("spent") && word[3].equals(handler)) {
          for (long i = Long.parseLong(word[2]); i > 0; i--) {
            spent.add(Long.valueOf(word[1]));
          }
        } else if (word[0].equals("granted") && word[5].equals(handler) && !word[3].equals("0")) {
          long validity = Long.parseLong(word[4]);
          told.add(new Window(Long.parseLong(word[1]) + validity, Long.parseLong(word[2]) + validity));
        }
      }
    }
    spent.sort(null);
    return new Spending(spent, merged(told), lost);
  }

  private static List<Window> merged(List<Window> told) {
    List<Window> windows = new ArrayList<>();
    for (Window each : told.stream().sorted((one, other) -> Long.compare(one.earliestEnd, other.earliestEnd)).toList()) {
      Window last = windows.isEmpty() ? null : windows.getLast();
      if (last != null && each.earliestEnd <= last.latestEnd) {
        windows.set(windows.size() - 1, new Window(Math.max(last.earliestEnd, each.earliestEnd), Math.min(last.latestEnd, each.latestEnd)));
      } else {
        windows.add(each);
      }
    }
    return windows;
  }

  /** How much was spent in a stretch of time. */
  public long between(long from, long to) {
    return spent.stream().filter(each -> each >= from && each < to).count();
  }

  /** The most that was spent in any stretch of so many nanoseconds, its end left out. */
  public int mostIn(long nanos) {
    int most = 0;
    int first = 0;
    for (int last = 0; last < spent.size(); last++) {
      while (spent.get(last) - spent.get(first) >= nanos) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  /**
   * What was spent in each fixed window, and, as the last number, outside of all of them.
   *
   * @param nanos how long a window is
   */
  public List<Long> byWindow(long nanos) {
    long[] counts = new long[windows.size() + 1];
    for (long each : spent) {
      int window = windows.size() - 1;
      while (window >= 0 && !(windows.get(window).earliestEnd - nanos <= each && each < windows.get(window).latestEnd)) {
        window--;
      }
      counts[window < 0 ? windows.size() : window]++;
    }
    List<Long> all = new ArrayList<>();
    for (long each : counts) {
      all.add(each);
    }
    return all;
  }
}
