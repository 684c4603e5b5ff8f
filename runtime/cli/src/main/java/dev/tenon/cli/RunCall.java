package dev.tenon.cli;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.boot.Boot;
import dev.tenon.kernel.boot.BootOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code tenon run} was called with.
 *
 * @param profile names a file in {@code profiles/}
 * @param configs files laid over it, the last wins
 * @param sets settings laid over both
 */
record RunCall(String profile, List<Path> configs, List<String> sets) {
  RunCall {
    configs = List.copyOf(configs);
    sets = List.copyOf(sets);
  }

  /**
   * Understands a call in its plain form, each option written out with its value. Empty for whatever else: help, short forms,
   * mistakes. {@link RunCommand} understands them all, and says what is wrong.
   */
  static Optional<RunCall> plain(String... words) {
    if (words.length % 2 == 0 || !words[0].equals("run")) {
      return Optional.empty();
    }
    String profile = "";
    List<Path> configs = new ArrayList<>();
    List<String> sets = new ArrayList<>();
    for (int i = 1; i < words.length; i += 2) {
      String value = words[i + 1];
      if (value.isEmpty() || value.startsWith("-") || value.startsWith("@")) {
        return Optional.empty();
      }
      switch (words[i]) {
        case "--config" -> configs.add(Path.of(value));
        case "--set" -> sets.add(value);
        case "--profile" -> {
          if (!profile.isEmpty()) {
            return Optional.empty();
          }
          profile = value;
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return profile.isEmpty() ? Optional.empty() : Optional.of(new RunCall(profile, configs, sets));
  }

  /** Runs the process to its end; returns its exit code. */
  int run() {
    String home = System.getProperty("tenon.home", "");
    if (home.isEmpty()) {
      throw new Refused("start this by bin/tenon, which knows where the distribution lies");
    }
    return Boot.run(new BootOptions(Path.of(home), VersionCommand.version(), profile, configs, sets));
  }
}
