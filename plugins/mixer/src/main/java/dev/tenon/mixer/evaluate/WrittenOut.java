package dev.tenon.mixer.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how long a regular expression is once its repetitions are written out, which is what its
 * program will be: {@code (a{50}){50}} is 2500. Counts within counts multiply, so a short pattern can
 * ask for a program of any size.
 */
final class WrittenOut {
  private final String pattern;
  private final Deque<Long> outer = new ArrayDeque<>();
  private long sum;
  private long atom;
  private int next;

  private WrittenOut(String pattern) {
    this.pattern = pattern;
  }

  /** The length; once it passes the limit, any number above that. */
  static long length(String pattern, long limit) {
    WrittenOut reading = new WrittenOut(pattern);
    while (reading.next < pattern.length()) {
      reading.step();
      if (reading.sum > limit) {
        return reading.sum;
      }
    }
    return reading.sum + reading.outer.stream().mapToLong(Long::longValue).sum();
  }

  private void step() {
    char c = pattern.charAt(next++);
    switch (c) {
      case '(' -> {
        outer.push(sum);
        sum = 0;
      }
      case ')' -> {
        atom = sum + 1;
        sum = atom + (outer.isEmpty() ? 0 : outer.pop());
      }
      case '{' -> repetition();
      case '[' -> {
        characterClass();
        one();
      }
      case '\\' -> {
        escape();
        one();
      }
      default -> one();
    }
  }

  private void one() {
    atom = 1;
    sum++;
  }

  private void escape() {
    if (pattern.startsWith("Q", next)) {
      int end = pattern.indexOf("\\E", next);
      sum += (end < 0 ? pattern.length() : end) - next;
      next = end < 0 ? pattern.length() : end + 2;
    } else {
      next++;
    }
  }

  /** To the closing bracket; one at the very beginning is a character of the class. */
  private void characterClass() {
    if (pattern.startsWith("^", next)) {
      next++;
    }
    int first = next;
    while (next < pattern.length()) {
      char c = pattern.charAt(next++);
      if (c == '\\') {
        next++;
      } else if (pattern.startsWith("[:", next - 1)) {
        int end = pattern.indexOf(":]", next);
        next = end < 0 ? next : end + 2;
      } else if (c == ']' && next - 1 > first) {
        return;
      }
    }
  }

  private void repetition() {
    int end = pattern.indexOf('}', next);
    long count = end < 0 ? 0 : count(pattern.substring(next, end));
    if (count == 0) {
      one();
      return;
    }
    next = end + 1;
    sum += atom * (count - 1);
    atom *= count;
  }

  /** The larger of a repetition's bounds; 0 when it is none. RE2 itself refuses more than 1000. */
  private static long count(String bounds) {
    long most = 0;
    for (String bound : bounds.split(",", -1)) {
      if (bound.length() > 4 || !bound.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return 0;
      }
      most = bound.isEmpty() ? Math.max(most, 1) : Math.max(most, Long.parseLong(bound));
    }
    return most;
  }
}
