package dev.tenon.pilot.support;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A request: method, authority, path with query, headers. */
public record Call(String method, String authority, String path, Map<String, String> headers) {
  public static Call get(String authority, String path) {
    return new Call("GET", authority, path, Map.of());
  }

  public Call method(String other) {
    return new Call(other, authority, path, headers);
  }

  public Call with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name.toLowerCase(Locale.ROOT), value);
    return new Call(method, authority, path, more);
  }

  String pathAlone() {
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }

  Map<String, String> query() {
    Map<String, String> query = new HashMap<>();
    int question = path.indexOf('?');
    if (question >= 0) {
      for (String pair : path.substring(question + 1).split("&")) {
        int equals = pair.indexOf('=');
        query.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
      }
    }
    return query;
  }
}
