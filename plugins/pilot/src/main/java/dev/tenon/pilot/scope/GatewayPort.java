package dev.tenon.pilot.scope;

/**
 * A port that a gateway opens.
 *
 * @param bind an IP address; empty for the workload's own
 * @param port its number
 * @param table the name of its routes
 */
public record GatewayPort(String bind, int port, String table) {}
