package dev.tenon.registry.consul.read;

import java.util.List;

/**
 * What could be read of an answer.
 *
 * @param items those that are as they should be
 * @param refused one line for each of the others
 */
public record Several<T>(List<T> items, List<String> refused) {
  public Several {
    items = List.copyOf(items);
    refused = List.copyOf(refused);
  }
}
