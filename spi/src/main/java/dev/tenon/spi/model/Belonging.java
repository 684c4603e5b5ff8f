package dev.tenon.spi.model;

/**
 * Whose a workload is: what Kubernetes tells of a pod's owner and node, from whatever registry.
 *
 * @param owner what it is one of, as Mixer names it: {@code kubernetes://apis/GROUP/VERSION/namespaces/NAMESPACE/KIND/NAME}; empty
 *     when it stands alone
 * @param host the IP address of the machine that it runs on; empty when that is its own
 */
public record Belonging(String owner, String host) {
  /** Alone, on a machine of its own. */
  public static final Belonging NONE = new Belonging("", "");
}
