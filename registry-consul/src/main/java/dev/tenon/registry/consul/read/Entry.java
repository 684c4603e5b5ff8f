package dev.tenon.registry.consul.read;

import java.nio.ByteBuffer;

/**
 * One key of Consul's store.
 *
 * @param key whole
 * @param value its octets; not to be changed
 * @param modified the index at which it was last written: what check-and-set compares
 * @param session which holds it as a lock; empty when none does
 */
public record Entry(String key, ByteBuffer value, long modified, String session) {}
