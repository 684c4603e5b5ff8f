package dev.tenon.spi.model;

/** Where a workload runs; each part may be empty. As Envoy's {@code core.v3.Locality}. */
public record Locality(String region, String zone, String subZone) {
  /** Nowhere in particular. */
  public static final Locality NONE = new Locality("", "", "");

  /** As Istio writes it, {@code region/zone/subzone}, without what is empty at its end. */
  public String path() {
    return (region + "/" + zone + "/" + subZone).replaceAll("/{1,2}$", "");
  }
}
