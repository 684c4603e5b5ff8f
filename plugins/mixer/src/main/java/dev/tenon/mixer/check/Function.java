package dev.tenon.mixer.check;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the language and their types. A null type is one that the call decides: all
 * arguments of it are of one type, and so is the result.
 */
public enum Function {
  MATCH("match", null, ValueType.BOOL, ValueType.STRING, ValueType.STRING),
  MATCHES("matches", ValueType.STRING, ValueType.BOOL, ValueType.STRING),
  STARTS_WITH("startsWith", ValueType.STRING, ValueType.BOOL, ValueType.STRING),
  ENDS_WITH("endsWith", ValueType.STRING, ValueType.BOOL, ValueType.STRING),
  TO_LOWER("toLower", null, ValueType.STRING, ValueType.STRING),
  SIZE("size", null, ValueType.INT64, ValueType.STRING),
  IP("ip", null, ValueType.IP_ADDRESS, ValueType.STRING),
  TIMESTAMP("timestamp", null, ValueType.TIMESTAMP, ValueType.STRING),
  DNS_NAME("dnsName", null, ValueType.DNS_NAME, ValueType.STRING),
  EMAIL("email", null, ValueType.EMAIL_ADDRESS, ValueType.STRING),
  URI("uri", null, ValueType.URI, ValueType.STRING),
  EMPTY_STRING_MAP("emptyStringMap", null, ValueType.STRING_MAP),
  CONDITIONAL("conditional", null, null, ValueType.BOOL, null, null),
  CONDITIONAL_STRING(
      "conditionalString",
      null,
      ValueType.STRING,
      ValueType.BOOL,
      ValueType.STRING,
      ValueType.STRING);

  private final String written;
  private final @Nullable ValueType receiver;
  private final @Nullable ValueType result;
  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list
  private final List<Optional<ValueType>> parameters;

  Function(
      String written,
      @Nullable ValueType receiver,
      @Nullable ValueType result,
      @Nullable ValueType... parameters) {
    this.written = written;
    this.receiver = receiver;
    this.result = result;
    this.parameters = Arrays.stream(parameters).map(Optional::ofNullable).toList();
  }

  /** The function of a name. */
  static Optional<Function> named(String name) {
    return Arrays.stream(values()).filter(each -> each.written.equals(name)).findFirst();
  }

  /** Its name in expressions. */
  public String written() {
    return written;
  }

  /** The type of what stands before the dot; null for a function that is no method. */
  public @Nullable ValueType receiver() {
    return receiver;
  }

  @Nullable ValueType result() {
    return result;
  }

  List<Optional<ValueType>> parameters() {
    return parameters;
  }
}
