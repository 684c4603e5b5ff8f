package dev.tenon.galley.decode;

import dev.tenon.spi.rules.Meta;
import java.util.List;

/**
 * What Mixer's {@code QuotaSpec} charges, once a {@link Binding} binds it to services.
 *
 * @param charges in the order written
 */
public record QuotaSpec(Meta meta, List<Charge> charges) {
  public QuotaSpec {
    charges = List.copyOf(charges);
  }

  /**
   * One quota that is charged.
   *
   * @param quota the short name of instances of the template quota
   * @param amount at least 1
   * @param match a CEXL expression that is never absent; empty for all requests
   */
  public record Charge(String quota, long amount, String match) {}

  /**
   * Mixer's {@code QuotaSpecBinding}.
   *
   * @param specs keys of QuotaSpecs, {@code namespace/name}
   */
  public record Binding(Meta meta, List<Bound> services, List<String> specs) {
    public Binding {
      services = List.copyOf(services);
      specs = List.copyOf(specs);
    }
  }

  /**
   * A service to which something is bound.
   *
   * @param host a full name, {@code *}, {@code *.namespace.*}; or a name without the mesh's domain
   * @param complete whether the host is all that was written; else the mesh's domain is to follow
   */
  public record Bound(String host, boolean complete) {
    /** A CEXL expression that says whether a request is for it; empty when all are. */
    public String match(String domain) {
      if (host.equals("*")) {
        return "";
      }
      if (host.startsWith("*") && host.endsWith("*")) {
        return Cexl.regex(Cexl.quoted(host.substring(1, host.length() - 1)), Cexl.HOST);
      }
      return Cexl.HOST + " == " + Cexl.text(complete ? host : host + ".svc." + domain);
    }
  }
}
