package dev.tenon.galley.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of objects that this build carries out, with the names operators may call them by. */
public enum Kind {
  VIRTUAL_SERVICE(Kind.NETWORKING, "VirtualService", "virtualservices", "vs"),
  DESTINATION_RULE(Kind.NETWORKING, "DestinationRule", "destinationrules", "dr"),
  GATEWAY(Kind.NETWORKING, "Gateway", "gateways", "gw"),
  SERVICE_ENTRY(Kind.NETWORKING, "ServiceEntry", "serviceentries", "se"),
  WORKLOAD_ENTRY(Kind.NETWORKING, "WorkloadEntry", "workloadentries", "we"),
  WORKLOAD_GROUP(Kind.NETWORKING, "WorkloadGroup", "workloadgroups", "wg"),
  HANDLER(Kind.MIXER, "handler", "handlers", ""),
  INSTANCE(Kind.MIXER, "instance", "instances", ""),
  RULE(Kind.MIXER, "rule", "rules", ""),
  ATTRIBUTE_MANIFEST(Kind.MIXER, "attributemanifest", "attributemanifests", ""),
  QUOTA_SPEC(Kind.MIXER, "QuotaSpec", "quotaspecs", ""),
  QUOTA_SPEC_BINDING(Kind.MIXER, "QuotaSpecBinding", "quotaspecbindings", ""),
  RATE_LIMIT(Kind.POLICY, "RateLimit", "ratelimits", "rl"),
  REQUEST_FILTER(Kind.EXTENSIONS, "RequestFilter", "requestfilters", "rf"),

  // Mixer's old kinds, one for each adapter and template.
  BYPASS(Kind.HANDLER, "bypass", "bypasses"),
  CIRCONUS(Kind.HANDLER, "circonus", "circonuss"),
  CLOUDWATCH(Kind.HANDLER, "cloudwatch", "cloudwatchs"),
  DENIER(Kind.HANDLER, "denier", "deniers"),
  DOGSTATSD(Kind.HANDLER, "dogstatsd", "dogstatsds"),
  FLUENTD(Kind.HANDLER, "fluentd", "fluentds"),
  KUBERNETESENV(Kind.HANDLER, "kubernetesenv", "kubernetesenvs"),
  LISTCHECKER(Kind.HANDLER, "listchecker", "listcheckers"),
  MEMQUOTA(Kind.HANDLER, "memquota", "memquotas"),
  NOOP(Kind.HANDLER, "noop", "noops"),
  OPA(Kind.HANDLER, "opa", "opas"),
  PROMETHEUS(Kind.HANDLER, "prometheus", "prometheuses"),
  RBAC(Kind.HANDLER, "rbac", "rbacs"),
  REDISQUOTA(Kind.HANDLER, "redisquota", "redisquotas"),
  SIGNALFX(Kind.HANDLER, "signalfx", "signalfxs"),
  SOLARWINDS(Kind.HANDLER, "solarwinds", "solarwindss"),
  STACKDRIVER(Kind.HANDLER, "stackdriver", "stackdrivers"),
  STATSD(Kind.HANDLER, "statsd", "statsds"),
  STDIO(Kind.HANDLER, "stdio", "stdios"),
  ZIPKIN(Kind.HANDLER, "zipkin", "zipkins"),
  APIKEY(Kind.INSTANCE, "apikey", "apikeys"),
  AUTHORIZATION(Kind.INSTANCE, "authorization", "authorizations"),
  CHECKNOTHING(Kind.INSTANCE, "checknothing", "checknothings"),
  EDGE(Kind.INSTANCE, "edge", "edges"),
  KUBERNETES(Kind.INSTANCE, "kubernetes", "kubernetes"),
  LISTENTRY(Kind.INSTANCE, "listentry", "listentries"),
  LOGENTRY(Kind.INSTANCE, "logentry", "logentries"),
  METRIC(Kind.INSTANCE, "metric", "metrics"),
  QUOTA(Kind.INSTANCE, "quota", "quotas"),
  REPORTNOTHING(Kind.INSTANCE, "reportnothing", "reportnothings"),
  TRACESPAN(Kind.INSTANCE, "tracespan", "tracespans");

  private static final String NETWORKING = "networking.istio.io";
  private static final String MIXER = "config.istio.io";
  private static final String POLICY = "policy.tenon.dev";
  private static final String EXTENSIONS = "extensions.tenon.dev";

  private final String group;
  private final String kindName;
  private final String plural;
  private final String shortName;
  private final @Nullable Kind meaning;

  /** An old kind: its spec is what another kind has as parameters. */
  Kind(Kind meaning, String kindName, String plural) {
    this(meaning.group, kindName, plural, "", meaning);
  }

  Kind(String group, String kindName, String plural, String shortName) {
    this(group, kindName, plural, shortName, null);
  }

  Kind(String group, String kindName, String plural, String shortName, @Nullable Kind meaning) {
    this.group = group;
    this.kindName = kindName;
    this.plural = plural;
    this.shortName = shortName;
    this.meaning = meaning;
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

  /** What objects of this kind are: of Mixer's old kinds {@link #HANDLER} or {@link #INSTANCE}, else this. */
  public Kind meaning() {
    return meaning == null ? this : meaning;
  }

  /** The kind whose validators are asked about objects of this kind. */
  public Kind judgedAs() {
    return this == RATE_LIMIT ? RULE : meaning();
  }

  /** Whether it is one of Mixer's old kinds, named after an adapter or a template. */
  public boolean isOld() {
    return meaning != null;
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

  /** All but the old ones, for messages. */
  public static String known() {
    return String.join(", ", Arrays.stream(values()).filter(kind -> !kind.isOld()).map(Kind::kindName).toList());
  }
}
