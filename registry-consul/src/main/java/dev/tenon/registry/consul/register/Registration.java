package dev.tenon.registry.consul.register;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tenon.registry.consul.convert.Marker;
import dev.tenon.spi.model.Catalog;
import dev.tenon.spi.model.Endpoint;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.model.Service;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One endpoint of the mesh as Consul's agent is told of it ({@code /v1/agent/service/register}).
 *
 * @param id the same for every control plane of the mesh
 * @param healthy whether its check passes
 * @param body JSON
 */
record Registration(String id, boolean healthy, String body) {
  /** What Consul takes as a key of meta. */
  private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  private static final int MOST_META = 60;

  /** Every endpoint of these catalogs by its id. */
  static Map<String, Registration> of(Collection<Catalog> catalogs, String domain) {
    Map<String, Registration> all = new TreeMap<>();
    for (Catalog catalog : catalogs) {
      for (Service service : catalog.services().values()) {
        for (Endpoint endpoint : service.endpoints()) {
          Registration registration = of(service, endpoint, domain);
          all.putIfAbsent(registration.id(), registration);
        }
      }
    }
    return all;
  }

  private static Registration of(Service service, Endpoint endpoint, String domain) {
    String id = "tenon-" + service.name().name() + "-" + service.name().namespace() + "-"
        + endpoint.address().replaceAll("[.:]", "-") + "-" + endpoint.port();
    boolean healthy = endpoint.health() == Health.HEALTHY;
    JsonObject meta = new JsonObject();
    meta.addProperty(Marker.KEY, domain);
    meta.addProperty("namespace", service.name().namespace());
    new TreeMap<>(endpoint.labels()).entrySet().stream()
        .filter(label -> META_KEY.matcher(label.getKey()).matches() && !meta.has(label.getKey())).limit(MOST_META)
        .forEach(label -> meta.addProperty(label.getKey(), label.getValue()));
    JsonObject check = new JsonObject();
    check.addProperty("CheckID", id);
    check.addProperty("Name", "known to the mesh");
    check.addProperty("TTL", Registrations.LIFE.toSeconds() + "s");
    check.addProperty("Status", healthy ? "passing" : "critical");
    check.addProperty("DeregisterCriticalServiceAfter", "1m");
    JsonArray tags = new JsonArray();
    tags.add("tenon");
    JsonObject body = new JsonObject();
    body.addProperty("ID", id);
    body.addProperty("Name", service.name().name());
    body.addProperty("Address", endpoint.address());
    body.addProperty("Port", endpoint.port());
    body.add("Tags", tags);
    body.add("Meta", meta);
    body.add("Check", check);
    return new Registration(id, healthy, body.toString());
  }
}
