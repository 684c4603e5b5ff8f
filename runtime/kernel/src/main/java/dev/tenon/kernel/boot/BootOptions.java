package dev.tenon.kernel.boot;

import java.nio.file.Path;
import java.util.List;

/**
 * What a process is started with.
 *
 * @param home the distribution: {@code modules/}, {@code profiles/}, {@code platform.exports}
 * @param version of the distribution
 * @param profile names a file in {@code profiles/}
 * @param configs files laid over the profile, in this order
 * @param sets assignments {@code a.b.c=value} laid over both, in this order
 */
public record BootOptions(Path home, String version, String profile, List<Path> configs, List<String> sets) {
  public BootOptions {
    configs = List.copyOf(configs);
    sets = List.copyOf(sets);
  }
}
