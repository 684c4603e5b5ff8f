package dev.tenon.registry.consul.read;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.List;

/** Reads one check where a reader stands, field by field: as {@link Item} would, without an object for each value. */
final class CheckReader {
  private final JsonReader in;
  private String wrong = "";

  CheckReader(JsonReader in) {
    this.in = in;
  }

  /** Adds it, or why it is none. */
  void read(List<CheckOf> checks, List<String> refused) throws IOException {
    if (in.peek() != JsonToken.BEGIN_OBJECT) {
      in.skipValue();
      refused.add(Answers.refusal("a check should be an object"));
      return;
    }
    String node = "";
    String id = "";
    String status = "";
    String service = "";
    String serviceId = "";
    in.beginObject();
    while (in.hasNext()) {
      String field = in.nextName();
      switch (field) {
        case "Node" -> node = text(field);
        case "CheckID" -> id = text(field);
        case "Status" -> status = text(field);
        case "ServiceName" -> service = text(field);
        case "ServiceID" -> serviceId = text(field);
        default -> in.skipValue();
      }
    }
    in.endObject();
    if (wrong.isEmpty()) {
      checks.add(new CheckOf(new Check(node, id, status, service), serviceId));
    } else {
      refused.add(Answers.refusal(wrong));
    }
  }

  private String text(String field) throws IOException {
    if (in.peek() == JsonToken.STRING) {
      return in.nextString();
    }
    if (in.peek() == JsonToken.NULL) {
      in.nextNull();
    } else {
      wrong = field + " should be text";
      in.skipValue();
    }
    return "";
  }
}
