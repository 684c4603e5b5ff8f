package dev.tenon.registry.vm.lease;

/** A lease as it lies in a place that several control planes share. */
public record Kept(Lease lease, Held held) {}
