package dev.tenon.pilot.gather;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.rules.RuleSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Everything that the mesh is made of at one moment.
 *
 * @param catalogs by the name of their registry
 * @param rules all intent
 * @param addresses of host names that rules name as endpoints, as far as they are known
 */
public record Inputs(NavigableMap<String, Catalog> catalogs, RuleSet rules, Map<String, List<String>> addresses) {
  public Inputs {
    catalogs = Collections.unmodifiableNavigableMap(new TreeMap<>(catalogs));
    addresses = Map.copyOf(addresses);
  }
}
