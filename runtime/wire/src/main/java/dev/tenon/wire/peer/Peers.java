package dev.tenon.wire.peer;

import io.grpc.Context;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What the kernel's gRPC server tells the services behind it of their caller. */
public final class Peers {
  /**
   * The names (of the kind URI) in the caller's credential, in their order. Empty over a connection of this machine's loopback, whose
   * callers need none, and for those that have none yet and call the enrolment.
   */
  public static final Context.Key<List<String>> URIS = Context.keyWithDefault("tenon-peer-uris", List.of());

  /** Its address, without the port. */
  public static final Context.Key<String> ADDRESS = Context.keyWithDefault("tenon-peer-address", "this machine");

  /** Whether its host was turned out while the call stood: then the call was cancelled for that, and what it held is nobody's. */
  public static final Context.Key<BooleanSupplier> TURNED_OUT = Context.keyWithDefault("tenon-peer-turned-out", () -> false);

  private Peers() {}
}
