package dev.tenon.registry.consul.share;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tenon.registry.consul.read.Answers;
import dev.tenon.registry.consul.read.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations of one transaction ({@code /v1/txn}): each key only if nobody wrote it since, and locked by a session. */
final class Operations {
  /** Consul's own limit. */
  static final int MOST = 64;

  /** Of the body; Consul takes half a megabyte. */
  static final int LARGEST = 400 << 10;

  private final JsonArray all = new JsonArray();
  private final List<String> keys = new ArrayList<>();
  private int size;

  /**
   * Adds what writes one key.
   *
   * @param known what is there as far as we know; none when nothing is
   * @param text to put, or empty to take the key away
   * @return false when there is no room for it
   */
  boolean add(String key, @Nullable Entry known, Optional<String> text, String session) {
    List<JsonObject> operations = text.isPresent() ? put(key, known, text.get(), session) : take(key, known);
    int more = operations.stream().mapToInt(each -> each.toString().length() + 10).sum();
    if (all.size() + operations.size() > MOST || (size + more > LARGEST && !all.isEmpty())) {
      return false;
    }
    for (JsonObject each : operations) {
      JsonObject operation = new JsonObject();
      operation.add("KV", each);
      all.add(operation);
      keys.add(key);
    }
    size += more;
    return true;
  }

  private static List<JsonObject> put(String key, @Nullable Entry known, String text, String session) {
    List<JsonObject> operations = new ArrayList<>();
    if (known == null) {
      operations.add(operation("check-not-exists", key));
    } else {
      operations.add(operation("check-index", key));
      operations.getFirst().addProperty("Index", known.modified());
      if (!known.session().isEmpty() && !known.session().equals(session)) {
        operations.add(valued("unlock", key, text, known.session()));
      }
    }
    operations.add(valued("lock", key, text, session));
    return operations;
  }

  private static List<JsonObject> take(String key, @Nullable Entry known) {
    if (known == null) {
      return List.of();
    }
    JsonObject operation = operation("delete-cas", key);
    operation.addProperty("Index", known.modified());
    return List.of(operation);
  }

  private static JsonObject operation(String verb, String key) {
    JsonObject operation = new JsonObject();
    operation.addProperty("Verb", verb);
    operation.addProperty("Key", key);
    return operation;
  }

  private static JsonObject valued(String verb, String key, String text, String session) {
    JsonObject operation = operation(verb, key);
    operation.addProperty("Value", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    operation.addProperty("Session", session);
    return operation;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  String body() {
    return all.toString();
  }

  /** The key that an operation is about. */
  Optional<String> key(int operation) {
    return operation >= 0 && operation < keys.size() ? Optional.of(keys.get(operation)) : Optional.empty();
  }

  /** What was written, by what Consul answered; the last word on each key counts. */
  static List<Entry> results(String body) throws IOException {
    try {
      JsonElement results = JsonParser.parseString(body).getAsJsonObject().get("Results");
      JsonArray entries = new JsonArray();
      if (results != null && results.isJsonArray()) {
        results.getAsJsonArray().forEach(each -> entries.add(each.getAsJsonObject().get("KV")));
      }
      return Answers.entries(entries.toString()).items();
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new IOException("Consul's answer to a transaction is not the JSON that it should be: " + e.getMessage(), e);
    }
  }
}
