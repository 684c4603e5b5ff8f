package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.rules.WorkloadEntry;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads Istio's {@code WorkloadEntry}, which also stands inline in a ServiceEntry. */
final class WorkloadEntryDecoder {
  private WorkloadEntryDecoder() {}

  /**
   * @param nameAllowed whether a host name may stand for the address, to be looked up in DNS
   */
  static WorkloadEntry.Spec decode(Fields entry, boolean nameAllowed) {
    String address = entry.text("address");
    if (address.startsWith("unix:")) {
      Values.refuse(entry, "address", "endpoints are reached over IP alone; give an IP address");
    } else if (!address.isEmpty() && !Names.isAddress(address) && !(nameAllowed && Names.isHost(address))) {
      entry.error("address", "\"" + address + "\" is no IP address" + (nameAllowed ? " and no host name" : "; a host name needs resolution: DNS"));
    }
    WorkloadEntry.Spec like = rest(entry, address);
    return new WorkloadEntry.Spec(
        address, like.ports(), like.labels(), like.network(), like.locality(), Math.max(1, like.weight()), like.serviceAccount());
  }

  /** What the entries of a group have in common: no address, and a weight of 0 where nothing was said. */
  static WorkloadEntry.Spec template(Fields template) {
    if (template.has("address")) {
      template.error("address", "each workload says its own; remove it");
    }
    template.text("address", "");
    return rest(template, "");
  }

  private static WorkloadEntry.Spec rest(Fields entry, String address) {
    return new WorkloadEntry.Spec(
        address,
        ports(entry),
        Values.labels(entry, "labels"),
        entry.text("network", ""),
        locality(entry),
        entry.whole("weight", 0, 1_000_000).orElse(0L).intValue(),
        serviceAccount(entry));
  }

  private static Map<String, Integer> ports(Fields entry) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    entry
        .mapping("ports")
        .ifPresent(
            nested ->
                nested.names().forEach(
                    name -> {
                      ports.put(name, nested.port(name));
                      if (!Names.isLabel(name)) {
                        nested.error(name, "is no port name; it has lower-case letters, digits and '-'");
                      }
                    }));
    return ports;
  }

  private static String serviceAccount(Fields entry) {
    String account = entry.text("serviceAccount", "");
    if (!account.isEmpty() && !Names.isName(account)) {
      entry.error("serviceAccount", "\"" + account + "\" is no service account's name");
    }
    return account;
  }

  private static Locality locality(Fields entry) {
    String[] parts = entry.text("locality", "").split("/", -1);
    if (parts.length > 3) {
      entry.error("locality", "has " + parts.length + " parts; write region/zone/subzone");
      return Locality.NONE;
    }
    return new Locality(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }
}
