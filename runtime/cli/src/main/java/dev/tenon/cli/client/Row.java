package dev.tenon.cli.client;

import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the rows that {@link Format} prints. */
public final class Row {
  private Row() {}

  /**
   * A row.
   *
   * @param namesAndValues a name, its value, the next name and so on
   */
  public static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      row.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return row;
  }
}
