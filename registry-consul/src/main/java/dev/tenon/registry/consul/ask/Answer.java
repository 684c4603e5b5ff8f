package dev.tenon.registry.consul.ask;

import java.time.Duration;

/**
 * What Consul said.
 *
 * @param index {@code X-Consul-Index}; 0 when it was missing
 * @param age how old the answer may be ({@code X-Consul-LastContact}); zero when the leader gave it
 * @param leader whether a leader is known
 * @param filtered whether something was left out that the token may not see
 * @param body JSON
 */
public record Answer(long index, Duration age, boolean leader, boolean filtered, String body) {}
