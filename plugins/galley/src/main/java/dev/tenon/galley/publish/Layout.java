package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.YamlWriter;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.Node;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Where apply writes an object, and in what form. */
public final class Layout {
  private Layout() {}

  /** {@code <namespace>/<kind>/<name>.yaml}; names are checked, so it never leads out. */
  public static String path(ObjectKey key) {
    return key.namespace() + "/" + key.kind().kindName().toLowerCase(Locale.ROOT) + "/" + key.name() + ".yaml";
  }

  /** An object as YAML: what was written, without comments and without what other systems add. */
  public static String yaml(Decoded decoded) {
    return YamlWriter.write(new Node.Mapping(document(decoded.object()), decoded.object().at()));
  }

  /** An object that nobody wrote, with its status. */
  static String yaml(LiveObjects.Live live) {
    SequencedMap<String, Node> document = document(live.object());
    document.put("status", live.status());
    return YamlWriter.write(new Node.Mapping(document, live.object().at()));
  }

  private static SequencedMap<String, Node> document(ConfigObject object) {
    LinkedHashMap<String, Node> metadata = new LinkedHashMap<>();
    metadata.put("name", text(object, object.name()));
    metadata.put("namespace", text(object, object.namespace()));
    put(object, metadata, "labels", object.labels());
    put(object, metadata, "annotations", object.annotations());
    LinkedHashMap<String, Node> document = new LinkedHashMap<>();
    document.put("apiVersion", text(object, object.apiVersion()));
    document.put("kind", text(object, object.kind()));
    document.put("metadata", new Node.Mapping(metadata, object.at()));
    document.put("spec", object.spec());
    return document;
  }

  private static void put(ConfigObject object, Map<String, Node> metadata, String name, Map<String, String> values) {
    if (!values.isEmpty()) {
      LinkedHashMap<String, Node> entries = new LinkedHashMap<>();
      new TreeMap<>(values).forEach((key, value) -> entries.put(key, text(object, value)));
      metadata.put(name, new Node.Mapping(entries, object.at()));
    }
  }

  private static Node text(ConfigObject object, String value) {
    return new Node.Text(value, object.at());
  }
}
