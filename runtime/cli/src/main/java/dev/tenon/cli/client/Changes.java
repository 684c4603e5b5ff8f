package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ObjectChange;
import dev.tenon.wire.admin.v1.ObjectKey;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Words for what became of an object. */
final class Changes {
  private Changes() {}

  static String line(ObjectChange change) {
    return name(change.getKey()) + " " + change.getChange();
  }

  static String name(ObjectKey key) {
    return key.getKind().toLowerCase(Locale.ROOT) + "/" + key.getName() + " (" + key.getNamespace() + ")";
  }

  static Map<String, Object> row(ObjectChange change) {
    Map<String, Object> row = keyRow(change.getKey());
    row.put("change", change.getChange());
    return row;
  }

  static Map<String, Object> keyRow(ObjectKey key) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("kind", key.getKind());
    row.put("namespace", key.getNamespace());
    row.put("name", key.getName());
    return row;
  }
}
