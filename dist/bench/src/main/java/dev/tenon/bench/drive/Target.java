package dev.tenon.bench.drive;

/** Where load goes: a port of 127.0.0.1, and what the Host header says. */
public record Target(int port, String host) {}
