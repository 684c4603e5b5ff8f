package dev.tenon.wire.value;

import com.google.protobuf.ByteString;
import dev.tenon.wire.policy.v1.Value;
import dev.tenon.wire.policy.v1.ValueMap;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Values of instances as messages, and back: what proxies ask in common and what adapters of other processes are told. */
public final class Words {
  private static final int DEEPEST = 4;

  private Words() {}

  /** A value of one of the classes that instances have. */
  public static Value of(Object value) {
    Value.Builder word = Value.newBuilder();
    switch (value) {
      case String text -> word.setText(text);
      case Long whole -> word.setWhole(whole);
      case Double number -> word.setNumber(number);
      case Boolean truth -> word.setTruth(truth);
      case Duration duration -> word.setDurationNanos(duration.toNanos());
      case Instant time -> word.setTimeNanos(time.getEpochSecond() * 1_000_000_000L + time.getNano());
      case InetAddress address -> word.setAddress(ByteString.copyFrom(address.getAddress()));
      case Map<?, ?> map -> {
        ValueMap.Builder values = ValueMap.newBuilder();
        map.forEach((name, each) -> values.putValues(String.valueOf(name), of(each)));
        word.setMap(values);
      }
      default -> word.setText(value.toString());
    }
    return word.build();
  }

  /**
   * Values as an adapter is given them.
   *
   * @throws IllegalArgumentException when one is of no kind, an address has neither 4 nor 16 bytes, or maps are nested
   *     more than 4 deep
   */
  public static Map<String, Object> values(Map<String, Value> words) {
    return values(words, 0);
  }

  /** Named values as messages. */
  public static Map<String, Value> of(Map<String, Object> values) {
    Map<String, Value> words = HashMap.newHashMap(values.size());
    values.forEach((name, value) -> words.put(name, of(value)));
    return words;
  }

  private static Map<String, Object> values(Map<String, Value> words, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("maps are nested more than " + DEEPEST + " deep");
    }
    Map<String, Object> values = HashMap.newHashMap(words.size());
    words.forEach((name, word) -> values.put(name, value(name, word, depth)));
    return values;
  }

  private static Object value(String name, Value word, int depth) {
    return switch (word.getKindCase()) {
      case TEXT -> word.getText();
      case WHOLE -> word.getWhole();
      case NUMBER -> word.getNumber();
      case TRUTH -> word.getTruth();
      case DURATION_NANOS -> Duration.ofNanos(word.getDurationNanos());
      case TIME_NANOS -> Instant.ofEpochSecond(Math.floorDiv(word.getTimeNanos(), 1_000_000_000L), Math.floorMod(word.getTimeNanos(), 1_000_000_000L));
      case ADDRESS -> address(name, word.getAddress());
      case MAP -> values(word.getMap().getValuesMap(), depth + 1);
      case KIND_NOT_SET -> throw new IllegalArgumentException("the value " + name + " is of no kind");
    };
  }

  private static InetAddress address(String name, ByteString bytes) {
    try {
      return InetAddress.getByAddress(bytes.toByteArray());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("the value " + name + " is no address: it has " + bytes.size() + " bytes", e);
    }
  }
}
