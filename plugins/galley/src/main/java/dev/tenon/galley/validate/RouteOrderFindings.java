package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.spi.rules.VirtualService;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Routes that are never reached (IST0130) and matches that an earlier route has already (IST0131). */
final class RouteOrderFindings {
  private RouteOrderFindings() {}

  static void add(World world) {
    world.virtualServices((decoded, service) -> routes(world, decoded, service));
  }

  private static void routes(World world, Decoded decoded, VirtualService service) {
    Map<HttpMatch, Integer> seen = new HashMap<>();
    boolean catchAll = false;
    List<HttpRoute> routes = service.http();
    for (int i = 0; i < routes.size(); i++) {
      String path = "spec.http[" + i + "]";
      List<HttpMatch> matches = routes.get(i).matches();
      if (matches.isEmpty()) {
        if (catchAll) {
          unreachable(world, decoded, path, name(routes, i), "only the last rule can have no matches");
        }
        catchAll = true;
        continue;
      }
      int before = 0;
      for (int j = 0; j < matches.size(); j++) {
        Integer earlier = seen.putIfAbsent(matches.get(j), i);
        if (earlier != null) {
          before++;
          world.tell(
              decoded,
              "IST0131",
              path + ".match[" + j + "]",
              "VirtualService rule " + name(routes, i) + " match #" + j + " is not used (duplicate/overlapping match in rule "
                  + name(routes, earlier) + ").");
        }
      }
      if (before == matches.size()) {
        unreachable(world, decoded, path, name(routes, i), "all matches used by prior rules");
      }
    }
  }

  private static void unreachable(World world, Decoded decoded, String path, String name, String reason) {
    world.warn(decoded, "IST0130", path, "VirtualService rule " + name + " not used (" + reason + ").");
  }

  private static String name(List<HttpRoute> routes, int index) {
    String name = routes.get(index).name();
    return name.isEmpty() ? "#" + index : "\"" + name + "\"";
  }
}
