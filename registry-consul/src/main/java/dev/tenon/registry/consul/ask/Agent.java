package dev.tenon.registry.consul.ask;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A Consul agent and how to speak to it.
 *
 * @param address {@code http://host:port} or {@code https://host:port}
 * @param token a file whose first line is the ACL token, read again when it changes; empty without ACLs
 * @param tls for https
 */
public record Agent(String address, Optional<Path> token, Tls tls) {
  /**
   * Certificates as PEM files.
   *
   * @param authorities who may have signed the agent's; the JDK's own list when absent
   * @param certificate our own chain, where the agent asks for one
   * @param key its key, unencrypted PKCS #8
   */
  public record Tls(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
    /** The JDK's authorities and no certificate of our own. */
    public static final Tls NONE = new Tls(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
