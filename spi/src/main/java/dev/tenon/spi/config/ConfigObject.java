package dev.tenon.spi.config;

import java.util.Map;

/**
 * One object of configuration as it was written, before anyone gave it a meaning.
 *
 * @param apiVersion for example {@code networking.istio.io/v1}
 * @param kind for example {@code VirtualService}
 * @param namespace where it lies; {@code default} where nothing was said
 * @param name unique among its kind in its namespace
 * @param labels of the object
 * @param annotations of the object
 * @param spec the mapping below {@code spec}
 * @param at where the object begins
 */
public record ConfigObject(
    String apiVersion,
    String kind,
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> annotations,
    Node.Mapping spec,
    Position at) {
  public ConfigObject {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
