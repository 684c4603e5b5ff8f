package dev.tenon.galley.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of objects that this build carries out, with the names operators may call them by. */
public enum Kind {
  VIRTUAL_SERVICE(Kind.NETWORKING, "VirtualService", "virtualservices", "vs"),
  DESTINATION_RULE(Kind.NETWORKING, "DestinationRule", "destinationrules", "dr"),
  GATEWAY(Kind.NETWORKING, "Gateway", "gateways", "gw"),
  SERVICE_ENTRY(Kind.NETWORKING, "ServiceEntry", "serviceentries", "se"),
  WORKLOAD_ENTRY(Kind.NETWORKING, "WorkloadEntry", "workloadentries", "we"),
  HANDLER(Kind.MIXER, "handler", "handlers", ""),
  INSTANCE(Kind.MIXER, "instance", "instances", ""),
  RULE(Kind.MIXER, "rule", "rules", ""),
  REQUEST_FILTER(Kind.EXTENSIONS, "RequestFilter", "requestfilters", "rf");

  private static final String NETWORKING = "networking.istio.io";
  private static final String MIXER = "config.istio.io";
  private static final String EXTENSIONS = "extensions.tenon.dev";

  private final String group;
  private final String kindName;
  private final String plural;
  private final String shortName;

  Kind(String group, String kindName, String plural, String shortName) {
    this.group = group;
    this.kindName = kindName;
    this.plural = plural;
    this.shortName = shortName;
  }

  /** The API group, for example {@code networking.istio.io}. */
  public String group() {
    return group;
  }

  /** As it is written in {@code kind}. */
  public String kindName() {
    return kindName;
  }

  /** Group and kind as {@link dev.tenon.spi.config.Validator#kinds} names them. */
  public String qualified() {
    return group + "/" + kindName;
  }

  /** The versions that are read, the one to write first. All versions of a kind have the same fields. */
  public List<String> versions() {
    return switch (group) {
      case NETWORKING -> List.of("v1", "v1beta1", "v1alpha3");
      case MIXER -> List.of("v1alpha2");
      default -> List.of("v1alpha1");
    };
  }

  /** What to write in {@code apiVersion}. */
  public List<String> apiVersions() {
    return versions().stream().map(version -> group + "/" + version).toList();
  }

  /** The kind of an object; empty when this build does not know it. */
  public static Optional<Kind> of(String group, String kindName) {
    return Arrays.stream(values())
        .filter(kind -> kind.group.equals(group) && kind.kindName.equals(kindName))
        .findFirst();
  }

  /** What an operator means by a word: singular, plural or short, without regard to case. */
  public static Optional<Kind> named(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    String name = dot < 0 ? lower : lower.substring(0, dot);
    String ofGroup = dot < 0 ? "" : lower.substring(dot + 1);
    return Arrays.stream(values())
        .filter(kind -> ofGroup.isEmpty() || kind.group.equals(ofGroup))
        .filter(
            kind ->
                kind.kindName.toLowerCase(Locale.ROOT).equals(name)
                    || kind.plural.equals(name)
                    || (!kind.shortName.isEmpty() && kind.shortName.equals(name)))
        .findFirst();
  }

  /** All of them, for messages. */
  public static String known() {
    return String.join(", ", Arrays.stream(values()).map(Kind::kindName).toList());
  }
}
