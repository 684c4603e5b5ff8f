package dev.tenon.kernel.prove;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * When each build of a module began, counted in threads: a thread's id tells whether it was started before
 * or after. Two builds have classes of the same names, and a stack has names alone; so of a thread with
 * such a name on its stack only its age says whose it is. Thread-safe.
 */
final class Births {
  /** The threads that can be a build's: ids from the first up to but without the second. */
  record Span(long from, long to) {
    boolean holds(Thread thread) {
      return thread.threadId() >= from && thread.threadId() < to;
    }
  }

  private final Map<String, NavigableSet<Long>> begun = new HashMap<>();

  /** A build begins; the number is its own from now on. */
  synchronized long begin(String module) {
    long now = Thread.ofPlatform().unstarted(() -> {}).threadId();
    begun.computeIfAbsent(module, _ -> new TreeSet<>()).add(now);
    return now;
  }

  /** A build is over: the threads that began with it and before its successor. */
  synchronized Span end(String module, long birth) {
    NavigableSet<Long> all = begun.getOrDefault(module, new TreeSet<>());
    Long successor = all.higher(birth);
    all.remove(birth);
    if (all.isEmpty()) {
      begun.remove(module);
    }
    return new Span(birth, successor == null ? Long.MAX_VALUE : successor);
  }
}
