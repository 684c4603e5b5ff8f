package dev.tenon.adapter.listchecker;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/** Patterns of RE2, which are tried one after the other: there may be a thousand. */
final class Patterns implements Listing {
  private static final int MOST = 1_000;
  private static final int LONGEST = 1024;

  private final List<Pattern> patterns;

  private Patterns(List<Pattern> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /** @throws BadEntry for the first that is no pattern */
  static Patterns of(List<String> entries) throws BadEntry {
    if (entries.size() > MOST) {
      throw new BadEntry(MOST, "there are " + entries.size() + " patterns; each is tried for each value, so there may be " + MOST);
    }
    List<Pattern> patterns = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).length() > LONGEST) {
        throw new BadEntry(i, "a pattern is longer than " + LONGEST + " characters");
      }
      try {
        patterns.add(Pattern.compile(entries.get(i)));
      } catch (PatternSyntaxException e) {
        throw new BadEntry(i, "\"" + Listing.brief(entries.get(i)) + "\" is no pattern of RE2: " + e.getMessage(), e);
      }
    }
    return new Patterns(patterns);
  }

  @Override
  public Found find(Object value) {
    String text = Listing.text(value);
    for (Pattern each : patterns) {
      if (each.matcher(text).find()) {
        return Found.YES;
      }
    }
    return Found.NO;
  }

  @Override
  public int size() {
    return patterns.size();
  }
}
