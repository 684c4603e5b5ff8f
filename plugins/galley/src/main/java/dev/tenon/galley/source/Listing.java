package dev.tenon.galley.source;

import dev.tenon.spi.config.Finding;
import java.util.List;

/**
 * What a scan found.
 *
 * @param files by path, in order
 * @param whole whether everything could be looked at; what is missing from a listing that is not
 *     whole may still be there
 * @param problems of the directory itself
 */
public record Listing(List<SourceFile> files, boolean whole, List<Finding> problems) {
  public Listing {
    files = List.copyOf(files);
    problems = List.copyOf(problems);
  }
}
