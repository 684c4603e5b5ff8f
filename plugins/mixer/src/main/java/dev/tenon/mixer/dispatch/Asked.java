package dev.tenon.mixer.dispatch;

import dev.tenon.spi.policy.Instance;

/**
 * What a handler is asked.
 *
 * @param amount of a quota: how much of it; at least 1
 */
public record Asked(Instance instance, long amount) {}
