package dev.tenon.quotas;

import dev.tenon.quotas.Limit.Kind;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The quotas of a handler: Mixer's {@code quotas}, with what Tenon adds. Immutable. */
public final class QuotaTable {
  private static final int MOST = 1_000;
  private static final Map<String, Kind> KINDS =
      Map.of("FIXED_WINDOW", Kind.FIXED, "ROLLING_WINDOW", Kind.ROLLING, "GCRA", Kind.GCRA);

  private final Map<String, Quota> byName;

  private QuotaTable(Map<String, Quota> byName) {
    this.byName = Map.copyOf(byName);
  }

  /**
   * Reads the field {@code quotas} of a handler's parameters; what is wrong is noted there.
   *
   * @param usual the kind of window when {@code rateLimitAlgorithm} is not set
   * @param endless whether a window may be left out, and then never ends
   */
  public static QuotaTable read(Fields params, Kind usual, boolean endless) {
    Map<String, Quota> quotas = new LinkedHashMap<>();
    List<Fields> all = params.mappings("quotas");
    if (all.isEmpty()) {
      params.error("quotas", "is required: a list of name, maxAmount and validDuration");
    } else if (all.size() > MOST) {
      params.error("quotas", "has " + all.size() + " entries; at most " + MOST + " are taken");
    }
    for (Fields each : all) {
      String name = each.text("name");
      if (quotas.putIfAbsent(shortName(name), quota(each, name, usual, endless)) != null) {
        each.error("name", "there is a quota " + shortName(name) + " already");
      }
    }
    return new QuotaTable(quotas);
  }

  private static Quota quota(Fields fields, String name, Kind usual, boolean endless) {
    Kind kind = fields.oneOf("rateLimitAlgorithm", KINDS).orElse(usual);
    Limit limit = limit(fields, kind, endless ? Limit.FOREVER : 0);
    bucket(fields, limit);
    List<Quota.Special> overrides = new ArrayList<>();
    for (Fields each : fields.mappings("overrides")) {
      Map<String, String> dimensions = each.textMap("dimensions");
      if (dimensions.isEmpty()) {
        each.error("dimensions", "would match every request; set the quota's own maxAmount instead");
      }
      shadow(each, dimensions, overrides);
      overrides.add(new Quota.Special(dimensions, limit(each, kind, limit.window())));
    }
    return new Quota(name, limit, overrides, fields.mapping("plans").map(plans -> plans(plans, kind, limit)).orElse(null));
  }

  /** An earlier override that matches whatever this one does keeps it from ever being used. */
  private static void shadow(Fields fields, Map<String, String> dimensions, List<Quota.Special> earlier) {
    for (int i = 0; i < earlier.size(); i++) {
      if (dimensions.entrySet().containsAll(earlier.get(i).dimensions().entrySet()) && !dimensions.isEmpty()) {
        fields.error("dimensions", "can never match: overrides[" + i + "] takes all of its requests; put this one before it");
        return;
      }
    }
  }

  private static Quota.Plans plans(Fields fields, Kind kind, Limit base) {
    Map<String, Limit> limits = fields.map("limits", each -> limit(each, kind, base.window()));
    if (limits.isEmpty()) {
      fields.error("limits", "is required: by the value of the dimension, a maxAmount and a validDuration");
    }
    return new Quota.Plans(fields.text("dimension"), limits);
  }

  /**
   * A limit.
   *
   * @param window when none is given; 0 when it has to be
   */
  private static Limit limit(Fields fields, Kind kind, long window) {
    if (!fields.has("maxAmount")) {
      fields.error("maxAmount", "is required: how much is granted in each window");
    }
    long max = fields.whole("maxAmount", 1, Limit.LARGEST).orElse(1L);
    Optional<Duration> given = fields.duration("validDuration").filter(each -> !each.isZero());
    long length = given.map(each -> Math.min(Limit.FOREVER, each.toNanos())).orElse(window);
    if (length == 0) {
      fields.error("validDuration", "should be more than 0");
    }
    long burst = fields.whole("burst", 1, Limit.LARGEST).orElse(max);
    if (fields.has("burst") && kind != Kind.GCRA) {
      fields.error("burst", "is for rateLimitAlgorithm GCRA alone");
    }
    if (kind == Kind.GCRA && length == Limit.FOREVER) {
      fields.error("validDuration", "is required: a rate needs one");
    }
    return new Limit(kind, max, Math.max(1, length), burst);
  }

  /** Mixer's grain of a rolling window; ours is finer, so it is checked and else without effect. */
  private static void bucket(Fields fields, Limit limit) {
    Optional<Duration> bucket = fields.duration("bucketDuration");
    if (bucket.isPresent() && limit.kind() == Kind.ROLLING
        && (bucket.get().isZero() || bucket.get().toNanos() >= limit.window())) {
      fields.error("bucketDuration", "should be more than 0 and less than validDuration");
    }
  }

  /** Mixer wrote the instance's whole name, {@code requests.instance.default}; the first part is enough. */
  private static String shortName(String name) {
    String[] parts = name.split("\\.", -1);
    return parts.length == 3 ? parts[0] + "." + parts[2] : name;
  }

  /** The quota of an instance, {@code name.instance.namespace}; null when there is none. */
  public @Nullable Quota of(String instance) {
    int first = instance.indexOf('.');
    int last = instance.lastIndexOf('.');
    if (first < 0) {
      return byName.get(instance);
    }
    String name = instance.substring(0, first);
    Quota there = byName.get(name + instance.substring(last));
    return there == null ? byName.get(name) : there;
  }

  /** The same, for an instance that is asked about. */
  public Quota of(Instance instance) {
    Quota quota = of(instance.name());
    if (quota == null) {
      throw new IllegalStateException("there is no quota named " + instance.name() + "; there are " + String.join(", ", names()));
    }
    return quota;
  }

  /** The names as they were written. */
  public List<String> names() {
    return byName.values().stream().map(Quota::name).sorted().toList();
  }

  /** The dimensions of an instance; empty when it has none. */
  public static Map<?, ?> dimensions(Instance instance) {
    return instance.values().get("dimensions") instanceof Map<?, ?> map ? map : new HashMap<>();
  }
}
