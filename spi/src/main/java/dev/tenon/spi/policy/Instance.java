package dev.tenon.spi.policy;

import java.util.Map;

/**
 * What an adapter is asked to judge: a template's fields with the values that this request gave them.
 *
 * @param name {@code name.instance.namespace}
 * @param template which fields there are
 * @param values by field; a value is a String, Long, Double, Boolean, {@link java.time.Duration},
 *     {@link java.time.Instant}, {@link java.net.InetAddress} or a Map of String to such values
 * @param attributes the request itself, to be read during the call only
 */
public record Instance(
    String name, Template template, Map<String, Object> values, Attributes attributes) {}
