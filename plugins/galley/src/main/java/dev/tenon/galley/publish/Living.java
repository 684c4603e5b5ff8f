package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.config.LiveObjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects that other modules make of what runs: shown, never stored. Thread-safe. */
public final class Living {
  private volatile List<LiveObjects> makers = List.of();

  /** Who makes some from now on. */
  public void makers(List<LiveObjects> present) {
    makers = List.copyOf(present);
  }

  /** All there are now; of two that have one key the first. */
  Map<ObjectKey, LiveObjects.Live> objects() {
    Map<ObjectKey, LiveObjects.Live> all = new LinkedHashMap<>();
    for (LiveObjects maker : makers) {
      for (LiveObjects.Live each : maker.objects()) {
        String version = each.object().apiVersion();
        Kind.of(version.substring(0, Math.max(0, version.indexOf('/'))), each.object().kind())
            .ifPresent(kind -> all.putIfAbsent(new ObjectKey(kind, each.object().namespace(), each.object().name()), each));
      }
    }
    return all;
  }
}
