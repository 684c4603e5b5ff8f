package dev.tenon.e2e.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a guide tells its reader to do, in order. Its fenced blocks say so behind their language, which a reader of the
 * page does not see:
 *
 * <ul>
 *   <li>{@code yaml on=HOST file=NAME}: this is written to a file
 *   <li>{@code sh on=HOST}: this is run; {@code stays} where it does not end, {@code again} where it is the same as before,
 *       ended and begun anew; {@code gives=WORD} where later blocks write WORD for what it printed
 *   <li>{@code text shows}: what the command before it is seen to print, be it after some seconds; each line somewhere, in
 *       this order, with {@code …} for anything
 *   <li>{@code sh elsewhere}: not to be followed in a test
 * </ul>
 */
public record Guide(Path page, List<Step> steps) {
  private static final Pattern FENCE = Pattern.compile("```(\\w*) *(.*)");
  private static final Pattern COMMAND_LANGUAGE = Pattern.compile("sh|bash|console");

  /** A thing to do. */
  public sealed interface Step {
    /** Where the guide says so. */
    int line();
  }

  /** A file to write. */
  public record Written(int line, String host, String file, String text) implements Step {}

  /**
   * A command to run.
   *
   * @param gives the word that stands for what it prints; empty for none
   * @param shows the lines that it is seen to print
   */
  public record Run(int line, String host, String command, boolean stays, boolean again, String gives, List<String> shows) implements Step {
    Run showing(List<String> lines) {
      return new Run(line, host, command, stays, again, gives, lines);
    }

    /** Whether the lines stand in what it said, in this order; blanks count as one, and an ellipsis is anything. */
    public boolean isShownBy(String said) {
      List<String> there = said.lines().toList();
      int from = 0;
      for (String wanted : shows) {
        Pattern pattern = pattern(wanted.strip());
        while (from < there.size() && !pattern.matcher(there.get(from).strip()).matches()) {
          from++;
        }
        if (from++ >= there.size()) {
          return false;
        }
      }
      return true;
    }

    private static Pattern pattern(String wanted) {
      StringBuilder pattern = new StringBuilder();
      for (String word : wanted.split("((?<=…)|(?=…)|(?<=\\s)|(?=\\s))", -1)) {
        if (word.equals("…")) {
          pattern.append(".*");
        } else if (word.isBlank()) {
          pattern.append(pattern.toString().endsWith("\\s+") || word.isEmpty() ? "" : "\\s+");
        } else {
          pattern.append(Pattern.quote(word));
        }
      }
      return Pattern.compile(pattern.toString());
    }
  }

  /** Reads a page. */
  public static Guide read(Path page) throws IOException {
    List<Step> steps = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) {
        continue;
      }
      int begin = i + 1;
      while (!lines.get(++i).equals("```")) {
        // The block.
      }
      add(steps, begin, fence.group(1), words(fence.group(2)), lines.subList(begin, i), page);
    }
    return new Guide(page, List.copyOf(steps));
  }

  private static Map<String, String> words(String info) {
    Map<String, String> words = new HashMap<>();
    for (String word : info.split(" ")) {
      String[] pair = word.split("=", 2);
      words.put(pair[0], pair.length > 1 ? pair[1] : "");
    }
    return words;
  }

  private static void add(List<Step> steps, int line, String language, Map<String, String> words, List<String> block, Path page) {
    String host = words.getOrDefault("on", "");
    if (words.containsKey("shows")) {
      if (steps.isEmpty() || !(steps.getLast() instanceof Run run)) {
        throw new IllegalStateException(page + ":" + line + ": no command shows this");
      }
      steps.set(steps.size() - 1, run.showing(List.copyOf(block)));
    } else if (words.containsKey("file")) {
      steps.add(new Written(line, host, words.get("file"), String.join("\n", block) + "\n"));
    } else if (words.containsKey("on")) {
      steps.add(new Run(line, host, String.join("\n", block), words.containsKey("stays"), words.containsKey("again"), words.getOrDefault("gives", ""), List.of()));
    } else if (COMMAND_LANGUAGE.matcher(language).matches() && !words.containsKey("elsewhere")) {
      throw new IllegalStateException(page + ":" + line + ": on which host is this run? Say on=HOST, or elsewhere");
    }
  }
}
