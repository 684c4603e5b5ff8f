package dev.tenon.registry.consul.read;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the bodies of Consul's answers (its HTTP API, {@code /v1/catalog} and {@code /v1/health}). An
 * item that is not as it should be is left out and named; the others count.
 */
public final class Answers {
  private Answers() {}

  /**
   * {@code /v1/catalog/services}: tags by service.
   *
   * @throws IOException when it is no such JSON
   */
  public static Map<String, List<String>> services(String body) throws IOException {
    try (JsonReader in = reader(body)) {
      Map<String, List<String>> services = new HashMap<>();
      in.beginObject();
      while (in.peek() != JsonToken.END_OBJECT) {
        String name = in.nextName();
        List<String> tags = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
          tags.add(in.nextString());
        }
        in.endArray();
        services.put(name, List.copyOf(tags));
      }
      in.endObject();
      return services;
    } catch (IllegalStateException | JsonParseException | IOException e) {
      throw bad(e);
    }
  }

  /**
   * {@code /v1/health/state/any}: all checks.
   *
   * @throws IOException when it is no list
   */
  public static Several<Check> checks(String body) throws IOException {
    Several<CheckOf> all = checksOf(body);
    return new Several<>(all.items().stream().map(CheckOf::check).toList(), all.refused());
  }

  /**
   * {@code /v1/health/service/NAME}: a service's instances.
   *
   * @throws IOException when it is no list
   */
  public static Several<Instance> instances(String body) throws IOException {
    return each(body, item -> {
      Item node = item.item("Node");
      return new Instance(definition(node.text("Node"), item.item("Service")), node.text("Address"), node.text("Datacenter"),
          item.items("Checks").stream().map(Answers::check).toList());
    });
  }

  /**
   * {@code /v1/catalog/nodes}: the names of all nodes.
   *
   * @throws IOException when it is no list
   */
  public static List<String> nodes(String body) throws IOException {
    return each(body, item -> item.text("Node")).items();
  }

  /**
   * {@code /v1/health/state/any}: all checks, each with the instance that it is about. This is the largest answer by far and comes anew with
   * every change of a check, so it is read as it goes by: what is not asked for makes no object.
   *
   * @throws IOException when it is no list
   */
  public static Several<CheckOf> checksOf(String body) throws IOException {
    List<CheckOf> checks = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try (JsonReader in = reader(body)) {
      in.beginArray();
      while (in.hasNext()) {
        new CheckReader(in).read(checks, refused);
      }
      in.endArray();
    } catch (IllegalStateException | JsonParseException | IOException e) {
      throw bad(e);
    }
    return new Several<>(checks, refused);
  }

  /**
   * {@code /v1/catalog/node-services/NODE}: what is registered on one node; nothing when there is no
   * such node any more.
   *
   * @throws IOException when it is no such JSON
   */
  public static OnNode node(String body) throws IOException {
    List<Definition> definitions = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Item node = new Item(new JsonObject());
    try {
      JsonElement all = JsonParser.parseString(body);
      if (!all.isJsonNull()) {
        Item answer = Item.of(all);
        node = answer.item("Node");
        String name = node.text("Node");
        answer.items("Services").forEach(each -> collect(each, item -> definition(name, item), definitions, refused));
      }
      return new OnNode(node.text("Address"), node.text("Datacenter"), new Several<>(definitions, refused));
    } catch (JsonParseException | Item.Bad e) {
      throw bad(e);
    }
  }

  /**
   * {@code /v1/kv/PREFIX?recurse}: keys with their values.
   *
   * @throws IOException when it is no list
   */
  public static Several<Entry> entries(String body) throws IOException {
    return each(body, item -> {
      String key = item.text("Key");
      try {
        return new Entry(key, ByteBuffer.wrap(Base64.getDecoder().decode(item.text("Value"))).asReadOnlyBuffer(), item.count("ModifyIndex"), item.text("Session"));
      } catch (IllegalArgumentException e) {
        throw new Item.Bad("the value of " + key + " is not base64");
      }
    });
  }

  /**
   * {@code /v1/connect/intentions}: who may call whom.
   *
   * @throws IOException when it is no list
   */
  public static Several<Intention> intentions(String body) throws IOException {
    return each(body, item -> new Intention(item.text("SourceName"), item.text("DestinationName"), item.text("Action"),
        item.items("Permissions").stream().map(each -> new Intention.Permission(each.text("Action"), each.item("HTTP").object().toString())).toList(),
        item.whole("Precedence", 0), item.text("Description")));
  }

  private static <T> Several<T> each(String body, Function<Item, T> read) throws IOException {
    List<T> items = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try (JsonReader in = reader(body)) {
      in.beginArray();
      while (in.hasNext()) {
        JsonElement element = JsonParser.parseReader(in);
        collect(new Item(element.isJsonObject() ? element.getAsJsonObject() : new JsonObject()), read, items, refused);
      }
      in.endArray();
    } catch (IllegalStateException | JsonParseException | IOException e) {
      throw bad(e);
    }
    return new Several<>(items, refused);
  }

  private static <T> void collect(Item item, Function<Item, T> read, List<T> items, List<String> refused) {
    try {
      items.add(read.apply(item));
    } catch (Item.Bad e) {
      refused.add(refusal(String.valueOf(e.getMessage())));
    }
  }

  static String refusal(String reason) {
    return "an item of Consul's answer cannot be read: " + reason;
  }

  private static JsonReader reader(String body) {
    JsonReader in = new JsonReader(new StringReader(body));
    in.setStrictness(Strictness.LEGACY_STRICT);
    return in;
  }

  private static IOException bad(Exception e) {
    return new IOException("Consul's answer is not the JSON that it should be: " + e.getMessage(), e);
  }

  private static Check check(Item item) {
    return new Check(item.text("Node"), item.text("CheckID"), item.text("Status"), item.text("ServiceName"));
  }

  private static Definition definition(String node, Item service) {
    Map<String, Definition.Place> tagged = new HashMap<>();
    Item places = service.item("TaggedAddresses");
    places.object().keySet().forEach(tag -> {
      Item place = places.item(tag);
      tagged.put(tag, new Definition.Place(place.text("Address"), place.whole("Port", 0)));
    });
    Item weights = service.item("Weights");
    String name = service.text("Service");
    String id = service.text("ID");
    if (name.isEmpty() || id.isEmpty()) {
      throw new Item.Bad("a service has no name or no id");
    }
    return new Definition(node, id, name, service.text("Kind"), service.text("Address"), service.whole("Port", 0),
        service.texts("Tags"), service.textMap("Meta"), tagged, weights.whole("Passing", 1), weights.whole("Warning", 1));
  }
}
