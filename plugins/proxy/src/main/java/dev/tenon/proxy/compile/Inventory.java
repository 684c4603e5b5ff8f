package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.proxy.subscribe.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The resources of one kind that are accepted, with what they were compiled to, and what was refused
 * last. A resource that comes again unchanged keeps the object that it was compiled to.
 *
 * <p>Not thread-safe.
 */
final class Inventory<T> {
  private final Function<ByteString, Compilation<T>> compiler;
  private final Function<T, String> nameOf;
  private final int most;
  private final Map<String, Held<T>> held = new LinkedHashMap<>();
  private final Map<String, Refused> refused = new HashMap<>();

  /**
   * @param nameOf what a compiled resource calls itself; must be the resource's name
   * @param most more resources than this are refused
   */
  Inventory(Function<ByteString, Compilation<T>> compiler, Function<T, String> nameOf, int most) {
    this.compiler = compiler;
    this.nameOf = nameOf;
    this.most = most;
  }

  /** An accepted resource. */
  record Held<T>(String version, ByteString body, T value, Instant since) {}

  /** What was refused under a name since something was last accepted. */
  record Refused(String version, ByteString body, Rejection rejection, Instant at) {}

  /**
   * Compiles a resource and, if that works and the check agrees, holds it.
   *
   * @param check a last word on a value that is new
   * @return why not, or null
   */
  @Nullable Rejection put(Resource resource, Instant now, Function<T, Optional<Rejection>> check) {
    Held<T> before = held.get(resource.name());
    if (before != null && before.body.equals(resource.body()) && !resource.expires()) {
      held.put(resource.name(), new Held<>(resource.version(), before.body, before.value, before.since));
      refused.remove(resource.name());
      return null;
    }
    Rejection rejection = take(resource, now, check);
    if (rejection != null) {
      refused.put(resource.name(), new Refused(resource.version(), resource.body(), rejection, now));
    } else {
      refused.remove(resource.name());
    }
    return rejection;
  }

  private @Nullable Rejection take(Resource resource, Instant now, Function<T, Optional<Rejection>> check) {
    String name = resource.name();
    if (resource.expires()) {
      return new Rejection(name, "ttl", "is not carried out by this proxy");
    }
    if (held.size() >= most && !held.containsKey(name)) {
      return new Rejection(name, "", "there are " + most + " of its kind already, more are refused");
    }
    return switch (compiler.apply(resource.body())) {
      case Compilation.Rejected<T> no -> new Rejection(name, no.path(), no.reason());
      case Compilation.Compiled<T> yes -> {
        if (!nameOf.apply(yes.value()).equals(name)) {
          yield new Rejection(name, "name", "the resource calls itself " + nameOf.apply(yes.value()));
        }
        Optional<Rejection> no = check.apply(yes.value());
        if (no.isEmpty()) {
          held.put(name, new Held<>(resource.version(), resource.body(), yes.value(), now));
        }
        yield no.orElse(null);
      }
    };
  }

  /** What was refused, to be tried again when what refused it has changed. A copy. */
  List<Resource> refusedResources() {
    List<Resource> resources = new ArrayList<>();
    refused.forEach((name, no) -> resources.add(new Resource(name, no.version, no.body)));
    return resources;
  }

  /** Notes that what is held turned out to be unusable after all. */
  void note(Rejection rejection, Instant now) {
    Held<T> of = held.get(rejection.name());
    if (of != null) {
      refused.put(rejection.name(), new Refused(of.version, of.body, rejection, now));
    }
  }

  /** Forgets a resource; false when there was none. */
  boolean remove(String name) {
    refused.remove(name);
    return held.remove(name) != null;
  }

  /** Forgets every resource that is not among these. */
  void retain(Collection<String> names) {
    held.keySet().retainAll(names);
    refused.keySet().retainAll(names);
  }

  /** What a resource was compiled to, or null. */
  @Nullable T value(String name) {
    Held<T> of = held.get(name);
    return of == null ? null : of.value;
  }

  /** All that is accepted, by name. A view. */
  Map<String, Held<T>> held() {
    return Collections.unmodifiableMap(held);
  }

  /** All that is refused, by name. A view. */
  Map<String, Refused> refused() {
    return Collections.unmodifiableMap(refused);
  }

  /** Versions by name. A copy. */
  Map<String, String> versions() {
    Map<String, String> versions = new HashMap<>();
    held.forEach((name, of) -> versions.put(name, of.version));
    return versions;
  }
}
