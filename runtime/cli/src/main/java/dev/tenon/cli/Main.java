package dev.tenon.cli;

import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where every process of {@code bin/tenon} begins. One of the mesh that is called plainly starts without the library of the
 * command line: that is built by reflection from classes too old for the ahead-of-time cache, and takes a sidecar longer than
 * starting the framework does.
 */
public final class Main {
  /** Netty warns of options that a Unix socket has no use for. Held here, or its level would be forgotten. */
  private static final Logger NETTY = Logger.getLogger("io.netty");

  private Main() {}

  /** Runs one command and ends with its exit code. */
  public static void main(String[] args) {
    NETTY.setLevel(Level.SEVERE);
    Optional<RunCall> run = System.getProperty("tenon.home") == null ? Optional.empty() : RunCall.plain(args);
    System.exit(run.isPresent() ? run.get().run() : Tenon.execute(args));
  }
}
