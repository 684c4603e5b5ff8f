package dev.tenon.testkit.contract;

import dev.tenon.spi.traffic.RequestHead;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's head, as a filter sees it, for the tests of filters. Used by one thread. */
public final class GivenRequestHead extends GivenHead implements RequestHead {
  private static final int MOST_NOTES = 16;
  private static final int LONGEST_NOTE = 1024;

  private final String method;
  private String path;
  private final Map<String, String> notes = new HashMap<>();

  private GivenRequestHead(String method, String path, Map<String, String> headers) {
    super(headers);
    this.method = method;
    this.path = path;
  }

  /** A request for {@code reviews}, over HTTP/1.1. */
  public static GivenRequestHead of(String method, String path, Map<String, String> headers) {
    return new GivenRequestHead(method, path, headers);
  }

  @Override
  public String method() {
    use();
    return method;
  }

  @Override
  public String scheme() {
    use();
    return "http";
  }

  @Override
  public String authority() {
    use();
    return "reviews:9080";
  }

  @Override
  public String path() {
    use();
    return path;
  }

  @Override
  public void path(String next) {
    if (!next.startsWith("/") || next.indexOf('#') >= 0 || next.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("\"" + next + "\" is no path");
    }
    change();
    path = next;
  }

  @Override
  public String protocol() {
    use();
    return "HTTP/1.1";
  }

  @Override
  public InetSocketAddress peer() {
    use();
    return InetSocketAddress.createUnresolved("127.9.9.9", 40_000);
  }

  @Override
  public String peerWorkload() {
    use();
    return "default/productpage-v1";
  }

  @Override
  public @Nullable String note(String name) {
    use();
    return notes.get(name);
  }

  @Override
  public void note(String name, String value) {
    use();
    notes.put(name, value);
    if (notes.size() > MOST_NOTES || value.length() > LONGEST_NOTE) {
      throw new IllegalStateException("more than " + MOST_NOTES + " notes, or one of more than " + LONGEST_NOTE + " characters");
    }
  }
}
