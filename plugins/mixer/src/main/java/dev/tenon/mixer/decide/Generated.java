package dev.tenon.mixer.decide;

import dev.tenon.mixer.accept.Bindings;
import dev.tenon.mixer.dispatch.Answer;
import dev.tenon.mixer.evaluate.Compiled;
import dev.tenon.mixer.evaluate.Failure;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and what an adapter adds to it, asked when the first of its attributes is read that the
 * request does not have itself. What the request has is never replaced.
 */
final class Generated implements Attributes {
  private final Attributes request;
  private final Layer layer;
  private @Nullable Map<String, Object> made;
  private @Nullable Outcome failure;

  Generated(Attributes request, Layer layer) {
    this.request = request;
    this.layer = layer;
  }

  /** What denies the request since an adapter that was asked did not say what it should; null: nothing. */
  @Nullable Outcome failure() {
    return failure != null || !(request instanceof Generated below) ? failure : below.failure();
  }

  @Override
  public @Nullable Object get(String attribute) {
    Object value = request.get(attribute);
    return value != null || !layer.bindings().containsKey(attribute) ? value : made().get(attribute);
  }

  @Override
  public boolean has(String attribute) {
    return request.has(attribute) || (layer.bindings().containsKey(attribute) && made().containsKey(attribute));
  }

  @Override
  public @Nullable String entry(String attribute, String key) {
    if (request.has(attribute) || !layer.bindings().containsKey(attribute)) {
      return request.entry(attribute, key);
    }
    Object value = made().get(attribute) instanceof Map<?, ?> map ? map.get(key) : null;
    return value == null ? null : value.toString();
  }

  @Override
  public @Nullable Workload workload(InetAddress address) {
    return request.workload(address);
  }

  @Override
  public Attributes snapshot() {
    return new Added(request.snapshot(), Map.copyOf(made()));
  }

  private Map<String, Object> made() {
    Map<String, Object> attributes = made;
    if (attributes == null) {
      attributes = make();
      made = attributes;
    }
    return attributes;
  }

  private Map<String, Object> make() {
    if (layer.match().isPresent() && !layer.match().get().matches(request)) {
      return Map.of();
    }
    Object outputs = layer.call().generate(request);
    if (outputs instanceof Answer.Failed failed) {
      failure = layer.call().denial(failed);
      return Map.of();
    }
    Attributes said = new Outputs((Map<?, ?>) outputs);
    Map<String, Object> attributes = new HashMap<>();
    for (Map.Entry<String, Compiled> each : layer.bindings().entrySet()) {
      Object value = each.getValue().evaluate(said);
      if (!(value instanceof Failure)) {
        attributes.put(each.getKey(), value);
      }
    }
    return attributes;
  }

  /** An adapter's outputs, as bindings read them. */
  private record Outputs(Map<?, ?> outputs) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return outputs.get(Bindings.output(attribute));
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      Object value = get(attribute) instanceof Map<?, ?> map ? map.get(key) : null;
      return value == null ? null : value.toString();
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }

  /** The same to keep. */
  private record Added(Attributes request, Map<String, Object> made) implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      Object value = request.get(attribute);
      return value == null ? made.get(attribute) : value;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      if (request.has(attribute)) {
        return request.entry(attribute, key);
      }
      Object value = made.get(attribute) instanceof Map<?, ?> map ? map.get(key) : null;
      return value == null ? null : value.toString();
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
      return request.workload(address);
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
