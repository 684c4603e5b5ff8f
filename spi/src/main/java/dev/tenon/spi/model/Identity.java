package dev.tenon.spi.model;

/**
 * Who a workload is: {@code spiffe://<trustDomain>/ns/<namespace>/sa/<serviceAccount>}, as Istio and
 * the SPIFFE ID specification (section 2) write it.
 */
public record Identity(String trustDomain, String namespace, String serviceAccount) {
  /** The SPIFFE ID as a URI. */
  public String uri() {
    return "spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
  }
}
