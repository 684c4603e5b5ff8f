package dev.tenon.registry.consul.read;

/**
 * A check, and what it is about.
 *
 * @param serviceId the id of the instance on the check's node; empty for a check of the whole node
 */
public record CheckOf(Check check, String serviceId) {}
