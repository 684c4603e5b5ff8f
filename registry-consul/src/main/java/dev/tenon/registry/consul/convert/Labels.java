package dev.tenon.registry.consul.convert;

import dev.tenon.registry.consul.read.Definition;
import dev.tenon.spi.config.Names;
import java.util.Map;
import java.util.TreeMap;

/**
 * Labels of an instance: its meta, and over that its tags, of which {@code version|v1} and {@code
 * version=v1} say a key and a value and any other is a key alone. What cannot be a label is left out.
 */
final class Labels {
  private Labels() {}

  static Map<String, String> of(Definition definition) {
    Map<String, String> labels = new TreeMap<>();
    definition.meta().forEach((key, value) -> put(labels, key, value));
    for (String tag : definition.tags()) {
      int cut = cut(tag);
      put(labels, cut < 0 ? tag : tag.substring(0, cut), cut < 0 ? "" : tag.substring(cut + 1));
    }
    return labels;
  }

  private static int cut(String tag) {
    int bar = tag.indexOf('|');
    return bar >= 0 ? bar : tag.indexOf('=');
  }

  private static void put(Map<String, String> labels, String key, String value) {
    if (Names.isLabelKey(key) && Names.isLabelValue(value)) {
      labels.put(key, value);
    }
  }
}
