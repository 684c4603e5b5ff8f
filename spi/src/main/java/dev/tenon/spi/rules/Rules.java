package dev.tenon.spi.rules;

import dev.tenon.spi.stream.Source;

/** Where the present rule set is had. Offered by galley, subscribed to by pilot. */
public interface Rules {
  /** No value before everything that lies in the sources has been read once. */
  Source<RuleSet> rules();
}
