package dev.tenon.proxy.compile;

/** A condition on the first query parameter of a name; names are compared with case. */
public record QueryMatch(String name, ValueMatch value) {}
