package dev.tenon.cli.demo;

/** What the demo has besides the usual. The names are those of the command line. */
enum With {
  /** A real Consul that knows reviews v2 and v3. */
  consul,
  /** Hosts that join by token, each in a network namespace where that is permitted. */
  vm
}
