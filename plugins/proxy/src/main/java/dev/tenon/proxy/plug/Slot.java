package dev.tenon.proxy.plug;

import org.jspecify.annotations.Nullable;

/** Where a wanted plug-in lies while it is installed and has taken its configuration. */
public final class Slot<P extends AutoCloseable> {
  private final PlugSpec spec;
  private volatile @Nullable Lease<P> lease;
  private volatile String absence = "is not installed";

  Slot(PlugSpec spec) {
    this.spec = spec;
  }

  public PlugSpec spec() {
    return spec;
  }

  /** The plug-in; null while there is none. One volatile read. */
  public @Nullable Lease<P> lease() {
    return lease;
  }

  /** Why there is none. */
  public String absence() {
    return absence;
  }

  /** Puts a plug-in in and returns the one that was there. */
  @Nullable Lease<P> fill(Lease<P> with) {
    Lease<P> before = lease;
    lease = with;
    return before;
  }

  /** Takes the plug-in out and returns it. */
  @Nullable Lease<P> empty(String reason) {
    Lease<P> before = lease;
    absence = reason;
    lease = null;
    return before;
  }
}
