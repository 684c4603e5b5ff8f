package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HttpSpec;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.RouteSource;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.live.Generation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is served at one listening address. */
public sealed interface Site {
  /** A listener of the table, by its name. */
  record OfTable(String name) implements Site {
    @Nullable ListenerSpec spec(Generation generation) {
      return generation.table().listeners().get(name);
    }

    static @Nullable RouteTable routes(HttpSpec spec, Generation generation) {
      Map<String, RouteTable> named = generation.table().routes();
      return switch (spec.routes()) {
        case RouteSource.Inline inline -> inline.table();
        case RouteSource.Named route -> named.get(route.name());
      };
    }
  }

  /** The proxy's own pages. */
  record OfPages(Pages pages) implements Site {}
}
