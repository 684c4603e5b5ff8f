package dev.tenon.agent.read;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import java.util.Optional;

/**
 * Where the control plane is.
 *
 * @param host an IP address without brackets, or a host's name
 * @param port 1 to 65535
 */
public record ControlPlane(String host, int port) {
  /** Reads {@code mesh.controlPlane}; what is wrong is said in {@code mesh}. */
  static Optional<ControlPlane> read(Fields mesh) {
    if (!mesh.has("controlPlane")) {
      mesh.text("controlPlane", "");
      mesh.error("controlPlane", "is required: the control plane's address:port, like 127.0.0.1:15010");
      return Optional.empty();
    }
    String text = mesh.text("controlPlane", "");
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean known = Names.ipAddress(bare).isPresent() ? bracketed == bare.contains(":") : !bracketed && Names.isDnsSubdomain(bare);
    Optional<Integer> port = port(text.substring(colon + 1));
    if (!known || port.isEmpty()) {
      mesh.error("controlPlane", "\"" + text + "\" is no address:port; write it like 127.0.0.1:15010 or [::1]:15010");
      return Optional.empty();
    }
    return Optional.of(new ControlPlane(bare, port.get()));
  }

  static Optional<Integer> port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return port < 1 || port > 65535 ? Optional.empty() : Optional.of(port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
