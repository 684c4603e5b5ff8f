package dev.tenon.adapter.listchecker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/** What the entries of a list are, and how a text has them. */
enum EntryType {
  STRINGS,
  CASE_INSENSITIVE_STRINGS,
  IP_ADDRESSES,
  REGEX;

  /** By the names that Mixer had for them. */
  static final Map<String, EntryType> NAMES =
      Map.of(
          "STRINGS", STRINGS,
          "CASE_INSENSITIVE_STRINGS", CASE_INSENSITIVE_STRINGS,
          "IP_ADDRESSES", IP_ADDRESSES,
          "REGEX", REGEX);

  /** @throws BadEntry for the first that cannot be used */
  Listing listing(List<String> entries) throws BadEntry {
    return switch (this) {
      case STRINGS -> Texts.of(entries, false);
      case CASE_INSENSITIVE_STRINGS -> Texts.of(entries, true);
      case IP_ADDRESSES -> Networks.of(entries);
      case REGEX -> Patterns.of(entries);
    };
  }

  /**
   * The entries of a text: one a line, and empty lines are none. Of networks whatever stands between blanks, commas, quotes and
   * brackets, with comments from {@code #} on; so Mixer's YAML of one list, {@code whitelist: [10.0.0.0/8]}, is read too.
   *
   * @throws BadEntry when there are more than {@code most}
   */
  List<String> entries(String text, int most) throws BadEntry {
    List<String> entries = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (this == IP_ADDRESSES) {
        networks(line, entries);
      } else if (!line.isEmpty()) {
        entries.add(line);
      }
      if (entries.size() > most) {
        throw new BadEntry(most, "the list has more than " + most + " entries");
      }
    }
    return entries;
  }

  private static void networks(String line, List<String> entries) {
    int comment = line.indexOf('#');
    StringTokenizer words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment), " \t,[]\"'");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      if (!word.equals("-") && !word.equals("whitelist:") && !word.equals("---")) {
        entries.add(word);
      }
    }
  }
}
