package dev.tenon.spi.config;

import java.time.Instant;
import java.util.List;

/**
 * Objects that a module makes of what runs, such as the WorkloadEntry of a lease. Offered to galley, which shows them beside an operator's
 * configuration; they are never stored, and nobody edits them. Where an operator has an object of the same name, his is shown.
 */
public interface LiveObjects {
  /** All there are now. Thread-safe; answered from memory. */
  List<Live> objects();

  /**
   * One of them.
   *
   * @param object with its spec
   * @param status the mapping below {@code status}
   * @param since when it was made
   * @param owner what it lives and dies with, and how to end it, for the operator who tries to delete it
   */
  record Live(ConfigObject object, Node.Mapping status, Instant since, String owner) {}
}
