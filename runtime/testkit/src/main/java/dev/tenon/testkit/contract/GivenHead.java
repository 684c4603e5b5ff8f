package dev.tenon.testkit.contract;

import dev.tenon.spi.traffic.Head;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Header fields with the proxy's rules: some are its own, changes are counted, and a call's end is the end. */
abstract class GivenHead implements Head {
  private static final Set<String> OWN =
      Set.of(
          "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection", "server",
          "te", "trailer", "transfer-encoding", "upgrade");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern BAD_VALUE = Pattern.compile("[^\\t\\x20-\\x7e\\x80-\\xff]");
  private static final int MOST_CHANGES = 64;

  private final Map<String, String> fields = new LinkedHashMap<>();
  private boolean over;
  private boolean sent;
  private int changes;

  GivenHead(Map<String, String> fields) {
    fields.forEach((name, value) -> this.fields.put(name.toLowerCase(Locale.ROOT), value));
  }

  /** The call is over. */
  final void end() {
    over = true;
  }

  /** It is sent: it can be read in a later call, and not be changed. */
  final void send() {
    over = false;
    sent = true;
  }

  final void use() {
    if (over) {
      throw new IllegalStateException("a head is used after the call that it was an argument of");
    }
  }

  final void change() {
    use();
    if (sent) {
      throw new IllegalStateException("a head that was sent is changed");
    }
    if (++changes > MOST_CHANGES) {
      throw new IllegalStateException("more than " + MOST_CHANGES + " changes of a head");
    }
  }

  private String checked(String name) {
    if (!TOKEN.matcher(name).matches() || OWN.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a field, or the proxy's own");
    }
    change();
    return name.toLowerCase(Locale.ROOT);
  }

  private static String value(String value) {
    if (BAD_VALUE.matcher(value).find()) {
      throw new IllegalArgumentException("a value with a control character, or one beyond Latin-1");
    }
    return value;
  }

  @Override
  public @Nullable String header(String name) {
    use();
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public List<String> names() {
    use();
    return List.copyOf(fields.keySet());
  }

  @Override
  public void set(String name, String value) {
    fields.put(checked(name), value(value));
  }

  @Override
  public void add(String name, String value) {
    fields.merge(checked(name), value(value), (first, second) -> first + ", " + second);
  }

  @Override
  public void remove(String name) {
    fields.remove(checked(name));
  }
}
