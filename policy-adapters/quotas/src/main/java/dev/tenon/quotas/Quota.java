package dev.tenon.quotas;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which limit holds for which dimensions: the first override that matches, else the plan, else the quota's own.
 *
 * @param name as written
 */
public record Quota(String name, Limit limit, List<Special> overrides, @Nullable Plans plans) {
  public Quota {
    overrides = List.copyOf(overrides);
  }

  /** A limit of its own for requests that have these dimensions, compared as text. */
  public record Special(Map<String, String> dimensions, Limit limit) {
    public Special {
      dimensions = Map.copyOf(dimensions);
    }

    boolean matches(Map<?, ?> given) {
      for (Map.Entry<String, String> each : dimensions.entrySet()) {
        if (!each.getValue().equals(Keys.text(given.get(each.getKey())))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Limits by the value of one dimension, which is no part of the key: who changes plans keeps what was spent. */
  public record Plans(String dimension, Map<String, Limit> limits) {
    public Plans {
      limits = Map.copyOf(limits);
    }
  }

  /** The limit of some dimensions. */
  public Limit limit(Map<?, ?> dimensions) {
    for (Special each : overrides) {
      if (each.matches(dimensions)) {
        return each.limit;
      }
    }
    if (plans != null) {
      return Objects.requireNonNullElse(plans.limits.get(Keys.text(dimensions.get(plans.dimension))), limit);
    }
    return limit;
  }

  /** The key that is counted under, at most {@link Keys#LONGEST} characters. */
  public String key(String instance, Map<?, ?> dimensions) {
    return Keys.of(instance, dimensions, plans == null ? "" : plans.dimension);
  }
}
