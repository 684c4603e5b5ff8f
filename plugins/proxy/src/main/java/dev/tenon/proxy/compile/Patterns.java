package dev.tenon.proxy.compile;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tenon.wire.xds.v1.RegexMatcher;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles regular expressions to RE2's, which match in linear time; bounds what they cost to build,
 * since nested counts such as {@code (x{1000}){1000}} multiply.
 */
final class Patterns {
  /** As Istio's. */
  static final int LONGEST = 1024;

  /** Instructions, roughly, of one expression once its counts are written out. */
  static final long LARGEST = 10_000;

  private Patterns() {}

  static Pattern compile(RegexMatcher matcher) {
    return Unusable.in("regex", () -> compile(matcher.getRegex()));
  }

  private static Pattern compile(String regex) {
    if (regex.isEmpty()) {
      throw new Unusable("", "is empty");
    }
    if (regex.length() > LONGEST) {
      throw new Unusable("", "has " + regex.length() + " characters; more than " + LONGEST + " are refused");
    }
    if (size(regex) > LARGEST) {
      throw new Unusable("", "its counts multiply to more than " + LARGEST + " steps; write smaller ones");
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new Unusable("", String.valueOf(e.getMessage()));
    }
  }

  /** How large an expression becomes when each count is written out; an upper bound. */
  static long size(String regex) {
    Deque<Long> outer = new ArrayDeque<>();
    long total = 0;
    long last = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '(') {
        outer.push(total);
        total = 0;
        last = 0;
      } else if (c == ')' && !outer.isEmpty()) {
        last = total + 1;
        total = Math.min(LARGEST + 1, outer.pop() + last);
      } else if (c == '{') {
        long times = largestCount(regex, i);
        total = Math.min(LARGEST + 1, total + last * Math.max(0, times - 1));
        last *= Math.max(1, times);
      } else if (c == '[') {
        i = endOfClass(regex, i);
        last = 1;
        total++;
      } else {
        i += c == '\\' ? 1 : 0;
        last = 1;
        total++;
      }
    }
    return total;
  }

  private static int endOfClass(String regex, int start) {
    int i = start + 1;
    if (i < regex.length() && regex.charAt(i) == '^') {
      i++;
    }
    // A bracket that comes first is a member.
    for (i++; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ']') {
        return i;
      }
    }
    return regex.length();
  }

  private static long largestCount(String regex, int start) {
    int end = regex.indexOf('}', start);
    if (end < 0) {
      return 1;
    }
    long largest = 0;
    for (String bound : regex.substring(start + 1, end).split(",", -1)) {
      if (bound.isEmpty() || bound.length() > 5 || !bound.chars().allMatch(c -> c >= '0' && c <= '9')) {
        continue;
      }
      largest = Math.max(largest, Long.parseLong(bound) + 1);
    }
    return Math.max(1, largest);
  }
}
