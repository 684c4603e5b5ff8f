package dev.tenon.agent.probe;

import dev.tenon.spi.workload.Entrant;

/** Vigils with the means of a test. */
public final class Vigils {
  private Vigils() {}

  /** One that looks at ports alone. */
  public static Vigil of(Entrant entrant, Ports ports, Timers timers) {
    return new Vigil(entrant, !entrant.group().isEmpty(), ports, probe -> {
      throw new AssertionError("nobody asks");
    }, timers);
  }
}
