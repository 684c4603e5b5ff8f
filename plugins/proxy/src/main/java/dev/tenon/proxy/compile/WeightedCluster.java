package dev.tenon.proxy.compile;

/**
 * A cluster with its share.
 *
 * @param cluster name; a cluster that the table does not know is answered 503 with flag {@code NC}
 * @param request changes to the head before the route's own
 * @param response changes to the answer's head before the route's own
 */
public record WeightedCluster(String cluster, long weight, HeaderOps request, HeaderOps response) {
  /** The whole share. */
  public static WeightedCluster only(String cluster) {
    return new WeightedCluster(cluster, 1, HeaderOps.NONE, HeaderOps.NONE);
  }
}
