package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;

/**
 * What a handler is asked.
 *
 * @param amount of a quota: how much of it; at least 1
 * @param here whether it is asked in this process, wherever this process's own requests are asked
 */
public record Asked(Instance instance, long amount, boolean here) {
  /** Asked wherever the adapter's handlers are asked. */
  public Asked(Instance instance, long amount) {
    this(instance, amount, false);
  }

  /** The same, with other eyes for the request. */
  Asked with(Attributes attributes) {
    return new Asked(new Instance(instance.name(), instance.template(), instance.values(), attributes), amount, here);
  }
}
