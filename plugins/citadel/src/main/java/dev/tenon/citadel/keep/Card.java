package dev.tenon.citadel.keep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/** A small record on disk: a line {@code field=value} for each field, and a checksum in the last. Values hold no line feeds. */
public final class Card {
  private static final String CHECK = "check";
  private final SequencedMap<String, String> fields;

  private Card(SequencedMap<String, String> fields) {
    this.fields = fields;
  }

  /** An empty one. */
  public Card() {
    this(new LinkedHashMap<>());
  }

  /**
   * Reads one.
   *
   * @throws IOException when it was cut short or altered
   */
  public static Card of(byte[] content, String name) throws IOException {
    String text = new String(content, StandardCharsets.UTF_8);
    int last = text.lastIndexOf(CHECK + "=");
    if (last < 0 || !text.substring(last).strip().equals(CHECK + "=" + checksum(text.substring(0, last)))) {
      throw new IOException(name + " was cut short or altered; move it away");
    }
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    for (String line : text.substring(0, last).lines().toList()) {
      int equals = line.indexOf('=');
      fields.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
    }
    return new Card(fields);
  }

  /** Sets a field. */
  public Card with(String field, String value) {
    if (value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(field + " has a line feed");
    }
    fields.put(field, value);
    return this;
  }

  public Card with(String field, long value) {
    return with(field, Long.toString(value));
  }

  public Card with(String field, List<String> words) {
    return with(field, String.join(" ", words));
  }

  /** A field; empty when it is not there. */
  public String text(String field) {
    return fields.getOrDefault(field, "");
  }

  /** A number; 0 when it is not there. */
  public long number(String field) {
    String text = text(field);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  /** Words with a blank between them. */
  public List<String> words(String field) {
    return text(field).isEmpty() ? List.of() : List.of(text(field).split(" "));
  }

  /** As it is written. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> each : fields.entrySet()) {
      text.append(each.getKey()).append('=').append(each.getValue()).append('\n');
    }
    return (text + CHECK + "=" + checksum(text.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
