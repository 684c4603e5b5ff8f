package dev.tenon.pilot.join;

import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which canonical host an alias means, known before anything is joined. A host that a registry has is
 * never an alias of another; of two services that claim one alias the first registry's counts, and in it
 * the first host's.
 */
final class Aliases {
  private final Map<String, Claim> claims = new HashMap<>();
  private final List<Conflict> conflicts = new ArrayList<>();

  private record Claim(String host, String source) {}

  static Aliases of(NavigableMap<String, Catalog> catalogs, String domain) {
    Map<String, String> hosts = new HashMap<>();
    catalogs.forEach((source, catalog) -> catalog.services().keySet()
        .forEach(name -> hosts.putIfAbsent(canonical(name.host(domain)), source)));
    Aliases aliases = new Aliases();
    catalogs.forEach((source, catalog) -> {
      NavigableMap<String, Service> sorted = new TreeMap<>();
      catalog.services().values().stream().filter(each -> !each.aliases().isEmpty())
          .forEach(each -> sorted.put(canonical(each.name().host(domain)), each));
      sorted.forEach((host, service) -> service.aliases().forEach(each -> aliases.claim(canonical(each), host, source, hosts)));
    });
    return aliases;
  }

  private static String canonical(String host) {
    return host.toLowerCase(Locale.ROOT);
  }

  private void claim(String alias, String host, String source, Map<String, String> hosts) {
    if (alias.equals(host)) {
      return;
    }
    String owner = hosts.get(alias);
    if (owner != null) {
      conflicts.add(new Conflict(alias, owner, source, "is a service of its own; it does not mean " + host));
      return;
    }
    Claim before = claims.putIfAbsent(alias, new Claim(host, source));
    if (before != null && !before.host().equals(host)) {
      conflicts.add(new Conflict(alias, before.source(), source, "means " + before.host() + ", not " + host));
    }
  }

  /** The canonical host of what is written; itself when it is no alias. */
  String resolve(String written) {
    Claim claim = claims.get(canonical(written));
    return claim == null ? canonical(written) : claim.host();
  }

  /** Every alias and its host. */
  Map<String, String> all() {
    Map<String, String> all = new HashMap<>();
    claims.forEach((alias, claim) -> all.put(alias, claim.host()));
    return all;
  }

  List<Conflict> conflicts() {
    return conflicts;
  }
}
