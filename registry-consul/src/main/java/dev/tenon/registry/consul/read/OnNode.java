package dev.tenon.registry.consul.read;

/**
 * A node with what is registered on it; empty texts when there is no such node any more.
 *
 * @param address counts for instances without one of their own
 */
public record OnNode(String address, String datacenter, Several<Definition> definitions) {}
