package dev.tenon.registry.consul.read;

/**
 * One check as it stands.
 *
 * @param node which agent runs it
 * @param id unique on its node
 * @param status {@code passing}, {@code warning}, {@code critical} or {@code maintenance}
 * @param service the name of the service that it checks; empty for a check of the whole node
 */
public record Check(String node, String id, String status, String service) {}
