package dev.tenon.registry.consul.configure;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tenon.registry.consul.configure.KeyConfig.Known;
import dev.tenon.spi.config.ConfigStore.Write;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Keys and transactions as Consul's HTTP API has them ({@code /v1/kv}, {@code /v1/txn}). */
public final class Keys {
  /** Consul's own limits. */
  private static final int MOST_WRITES = 64;

  private static final int LARGEST_VALUE = 512 << 10;

  private Keys() {}

  /** Where a key or prefix is asked for. */
  public static String path(String key) {
    return "/v1/kv/" + Arrays.stream(key.split("/", -1))
        .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8).replace("+", "%20")).collect(Collectors.joining("/"));
  }

  /**
   * A transaction that writes all of it if nothing was written since.
   *
   * @throws IOException when Consul would refuse it for its size
   */
  static String transaction(String prefix, List<Write> writes, Map<String, Known> known) throws IOException {
    if (writes.size() > MOST_WRITES) {
      throw new IOException("Consul writes at most " + MOST_WRITES + " keys in one transaction, these are " + writes.size() + "; apply them in parts");
    }
    JsonArray operations = new JsonArray();
    for (Write write : writes) {
      JsonObject kv = new JsonObject();
      kv.addProperty("Key", prefix + write.path());
      kv.addProperty("Index", Optional.ofNullable(known.get(write.path())).map(Known::modified).orElse(0L));
      kv.addProperty("Verb", write.after().isPresent() ? "cas" : "delete-cas");
      byte[] value = write.after().orElse("").getBytes(StandardCharsets.UTF_8);
      if (value.length > LARGEST_VALUE) {
        throw new IOException(write.path() + " has " + value.length + " bytes; Consul takes at most " + LARGEST_VALUE + " for a key");
      }
      if (write.after().isPresent()) {
        kv.addProperty("Value", Base64.getEncoder().encodeToString(value));
      }
      JsonObject operation = new JsonObject();
      operation.add("KV", kv);
      operations.add(operation);
    }
    return operations.toString();
  }

  /** Which operation of a transaction failed, as far as the answer says. */
  public static Optional<Integer> failed(String body) {
    try {
      JsonElement errors = JsonParser.parseString(body).getAsJsonObject().get("Errors");
      return Optional.of(errors.getAsJsonArray().get(0).getAsJsonObject().get("OpIndex").getAsInt());
    } catch (JsonParseException | IllegalStateException | NullPointerException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
