package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.rules.DestinationRule;
import dev.tenon.spi.rules.Gateway;
import dev.tenon.spi.rules.ServiceEntry;
import dev.tenon.spi.rules.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** All objects at one moment, by kind, and what was found so far. Confined to one analysis. */
final class World {
  final HostNames names;
  final Map<ObjectKey, Decoded> objects = new TreeMap<>();
  private final Map<ObjectKey, List<Finding>> findings = new TreeMap<>();

  World(Collection<Decoded> all, String domain) {
    this.names = new HostNames(domain);
    all.forEach(each -> objects.put(each.key(), each));
  }

  void virtualServices(BiConsumer<Decoded, VirtualService> visitor) {
    each(VirtualService.class, visitor);
  }

  void destinationRules(BiConsumer<Decoded, DestinationRule> visitor) {
    each(DestinationRule.class, visitor);
  }

  void gateways(BiConsumer<Decoded, Gateway> visitor) {
    each(Gateway.class, visitor);
  }

  void serviceEntries(BiConsumer<Decoded, ServiceEntry> visitor) {
    each(ServiceEntry.class, visitor);
  }

  <T> void each(Class<T> type, BiConsumer<Decoded, T> visitor) {
    objects.values().forEach(
        each -> {
          if (type.isInstance(each.rule())) {
            visitor.accept(each, type.cast(each.rule()));
          }
        });
  }

  void warn(Decoded of, String code, String path, String message) {
    add(of, Places.warning(of, code, path, message));
  }

  void refuse(Decoded of, String code, String path, String message) {
    add(of, Places.error(of, code, path, message));
  }

  void tell(Decoded of, String code, String path, String message) {
    add(of, Places.info(of, code, path, message));
  }

  private void add(Decoded of, Finding finding) {
    add(of.key(), finding);
  }

  void add(ObjectKey of, Finding finding) {
    findings.computeIfAbsent(of, key -> new ArrayList<>()).add(finding);
  }

  Map<ObjectKey, List<Finding>> findings() {
    return findings;
  }

  /** Whether an object with this {@code exportTo} is seen from a namespace. */
  static boolean visible(List<String> exportTo, String namespace) {
    return exportTo.contains("*") || exportTo.contains(namespace);
  }
}
