package dev.tenon.registry.consul.read;

import java.util.List;

/**
 * Who may call whom, as Consul's own mesh has it.
 *
 * @param source a service's name, or {@code *}
 * @param destination a service's name, or {@code *}
 * @param action {@code allow} or {@code deny}; empty where permissions decide
 * @param permissions the first that fits a request decides
 * @param precedence the higher goes first
 */
public record Intention(String source, String destination, String action, List<Permission> permissions, int precedence, String description) {
  public Intention {
    permissions = List.copyOf(permissions);
  }

  /**
   * For some requests.
   *
   * @param http which, as Consul's JSON has it
   */
  public record Permission(String action, String http) {}
}
