package dev.tenon.testkit.contract;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request with given attributes, as an adapter sees it: once the call is over, reading it fails.
 */
public final class GivenRequest implements Attributes {
  private final Map<String, Object> attributes;
  private final Map<InetAddress, Workload> mesh;
  private volatile boolean over;

  private GivenRequest(Map<String, Object> attributes, Map<InetAddress, Workload> mesh) {
    this.attributes = Map.copyOf(attributes);
    this.mesh = Map.copyOf(mesh);
  }

  /** A request with these attributes; a map attribute is a map of text to text. */
  public static GivenRequest of(Map<String, Object> attributes) {
    return of(attributes, Map.of());
  }

  /** The same in a mesh where somebody lives at some addresses. */
  public static GivenRequest of(Map<String, Object> attributes, Map<InetAddress, Workload> mesh) {
    return new GivenRequest(attributes, mesh);
  }

  /** A request with these headers, names in lower case. */
  public static GivenRequest withHeaders(Map<String, String> headers) {
    return of(Map.of("request.headers", new HashMap<>(headers)));
  }

  /** From now on reading it fails. */
  void end() {
    over = true;
  }

  private void use() {
    if (over) {
      throw new IllegalStateException("a request is read after the call that it was an argument of; keep a snapshot() instead");
    }
  }

  @Override
  public @Nullable Object get(String attribute) {
    use();
    return attributes.get(attribute);
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    use();
    return attributes.get(attribute) instanceof Map<?, ?> map && map.get(key) instanceof String value ? value : null;
  }

  @Override
  public @Nullable Workload workload(InetAddress address) {
    use();
    return mesh.get(address);
  }

  @Override
  public Attributes snapshot() {
    use();
    return new GivenRequest(attributes, mesh);
  }
}
