package dev.tenon.registry.consul.read;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One JSON object, read strictly by name; null and missing are the same, as in Go. */
record Item(JsonObject object) {
  /** A field is not what it should be. */
  static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Bad(String message) {
      super(message, null, false, false);
    }
  }

  static Item of(JsonElement element) {
    if (!element.isJsonObject()) {
      throw new Bad("is no object");
    }
    return new Item(element.getAsJsonObject());
  }

  String text(String field) {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return "";
    }
    return text(field, value);
  }

  private static String text(String field, JsonElement value) {
    if (value instanceof JsonPrimitive primitive && primitive.isString()) {
      return primitive.getAsString();
    }
    throw new Bad(field + " should be text");
  }

  int whole(String field, int fallback) {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return fallback;
    }
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      double number = primitive.getAsDouble();
      if (number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE) {
        return (int) number;
      }
    }
    throw new Bad(field + " should be a whole number");
  }

  /** A number up to 2^53. */
  long count(String field) {
    JsonElement value = object.get(field);
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      double number = primitive.getAsDouble();
      if (number == Math.rint(number) && number >= 0 && number <= 1L << 53) {
        return (long) number;
      }
    }
    throw new Bad(field + " should be a whole number, not negative");
  }

  Item item(String field) {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return new Item(new JsonObject());
    }
    if (!value.isJsonObject()) {
      throw new Bad(field + " should be an object");
    }
    return new Item(value.getAsJsonObject());
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    elements(field).forEach(each -> texts.add(text(field, each)));
    return texts;
  }

  List<Item> items(String field) {
    return elements(field).stream().map(Item::of).toList();
  }

  private List<JsonElement> elements(String field) {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return List.of();
    }
    if (!value.isJsonArray()) {
      throw new Bad(field + " should be a list");
    }
    return value.getAsJsonArray().asList();
  }

  Map<String, String> textMap(String field) {
    Map<String, String> map = new LinkedHashMap<>();
    item(field).object.entrySet().forEach(each -> map.put(each.getKey(), text(field + "." + each.getKey(), each.getValue())));
    return map;
  }
}
