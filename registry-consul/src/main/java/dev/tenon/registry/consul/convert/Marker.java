package dev.tenon.registry.consul.convert;

/** What tells the mesh's own workloads in Consul from everybody else's, so that nothing goes round in circles. */
public final class Marker {
  /** The key of meta that every registration of a mesh has; its value is the mesh's domain. */
  public static final String KEY = "tenon-mesh";

  private Marker() {}
}
