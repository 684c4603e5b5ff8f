package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;

/**
 * What a handler is asked.
 *
 * @param amount of a quota: how much of it; at least 1
 */
public record Asked(Instance instance, long amount) {
  /** The same, with other eyes for the request. */
  Asked with(Attributes attributes) {
    return new Asked(new Instance(instance.name(), instance.template(), instance.values(), attributes), amount);
  }
}
