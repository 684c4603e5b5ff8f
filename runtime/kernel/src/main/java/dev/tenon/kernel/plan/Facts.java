package dev.tenon.kernel.plan;

import java.util.List;

/**
 * What a jar says of itself, known before any of its code runs.
 *
 * @param module the name of the module or plug-in that it holds
 * @param version what its manifest or file name says
 * @param hash names its content
 * @param services the spi interfaces that a plug-in without an activator has providers for; empty for
 *     a module
 * @param coexist whether versions of it run side by side ({@code Tenon-Coexist: true})
 * @param needs the modules that must be active before it starts ({@code Tenon-Needs})
 */
public record Facts(String module, String version, String hash, List<String> services, boolean coexist, List<String> needs) {
  public Facts {
    services = List.copyOf(services);
    needs = List.copyOf(needs);
  }

  /** What it replaces and is replaced by: its module, or that version of it where versions run side by side. */
  public String place() {
    return coexist ? module + "@" + version : module;
  }

  /** Offers providers alone: no activator of its own. */
  public boolean plain() {
    return !services.isEmpty();
  }

  /** What names this build of the module. */
  public String build() {
    return version + "-" + hash;
  }
}
