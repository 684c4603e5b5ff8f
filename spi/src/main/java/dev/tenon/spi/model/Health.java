package dev.tenon.spi.model;

/** Whether an endpoint may be called, as far as its registry knows. */
public enum Health {
  HEALTHY,
  /** Was ready and is not any more: it is called when too few of its peers are well, as Envoy does in panic. */
  UNHEALTHY,
  /** Is there and was not ready yet since it came: it is not called, whatever becomes of its peers. */
  STARTING,
  /** Finishes what it has and takes nothing new. */
  DRAINING
}
