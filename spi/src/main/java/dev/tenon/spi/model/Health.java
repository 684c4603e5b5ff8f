package dev.tenon.spi.model;

/** Whether an endpoint may be called, as far as its registry knows. */
public enum Health {
  HEALTHY,
  UNHEALTHY,
  /** Finishes what it has and takes nothing new. */
  DRAINING
}
