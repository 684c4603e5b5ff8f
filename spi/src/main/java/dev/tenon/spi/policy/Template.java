package dev.tenon.spi.policy;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an adapter can be given, in Mixer's template names. The comment of each names its fields as they stand
 * in {@link Instance#values()}; those in brackets may be missing there.
 */
public enum Template {
  /** No fields: the rule's match says it all. */
  CHECKNOTHING("checknothing", Variety.CHECK),
  /** {@code value}: a text or an IP address to look for. */
  LISTENTRY("listentry", Variety.CHECK, "value"),
  /** {@code apiKey}: text; [{@code api}, {@code apiVersion}, {@code apiOperation}: text; {@code timestamp}]. */
  APIKEY("apikey", Variety.CHECK, "api", "apiVersion", "apiOperation", "apiKey", "timestamp"),
  /**
   * {@code subject}: a map with [{@code user}, {@code groups}: text; {@code properties}: a map]; {@code
   * action}: a map with [{@code namespace}, {@code service}, {@code method}, {@code path}: text; {@code
   * properties}: a map].
   */
  AUTHORIZATION("authorization", Variety.CHECK, "subject", "action"),
  /**
   * {@code dimensions}: what is counted apart, a map from text to values; empty or left out, all requests
   * are counted together. An adapter that takes it is a {@link QuotaAdapter}. Of an instance there may be {@code amount}
   * too, how much a request is charged; an adapter is not given it but {@link Charge#amount}.
   */
  QUOTA("quota", Variety.QUOTA, "dimensions", "amount"),
  /** {@code value}: what is measured; {@code dimensions}: a map; [{@code monitoredResourceType}: text; {@code monitoredResourceDimensions}: a map]. */
  METRIC("metric", Variety.REPORT, "value", "dimensions", "monitoredResourceType", "monitoredResourceDimensions"),
  /** {@code variables}: a map; [{@code timestamp}; {@code severity}: text; {@code monitoredResourceType}: text; {@code monitoredResourceDimensions}: a map]. */
  LOGENTRY(
      "logentry", Variety.REPORT, "variables", "timestamp", "severity", "monitoredResourceType", "monitoredResourceDimensions"),
  /**
   * [{@code traceId}, {@code spanId}, {@code parentSpanId}, {@code spanName}, {@code sourceName}, {@code
   * destinationName}, {@code apiProtocol}: text; {@code startTime}, {@code endTime}: moments; {@code
   * httpStatusCode}, {@code requestSize}, {@code requestTotalSize}, {@code responseSize}, {@code
   * responseTotalSize}: whole numbers; {@code clientSpan}, {@code rewriteClientSpanId}: truths; {@code
   * sourceIp}, {@code destinationIp}: addresses]; {@code spanTags}: a map.
   */
  TRACESPAN(
      "tracespan", Variety.REPORT,
      "traceId", "spanId", "parentSpanId", "spanName", "startTime", "endTime", "spanTags", "httpStatusCode", "clientSpan",
      "rewriteClientSpanId", "sourceName", "sourceIp", "destinationName", "destinationIp", "requestSize",
      "requestTotalSize", "responseSize", "responseTotalSize", "apiProtocol"),
  /** No fields: that the rule matched is all there is to tell. */
  REPORTNOTHING("reportnothing", Variety.REPORT),
  /**
   * Who called whom: [{@code timestamp}; {@code sourceWorkloadNamespace}, {@code sourceWorkloadName}, {@code
   * sourceOwner}, {@code sourceUid}, the same of {@code destination}; {@code destinationServiceNamespace},
   * {@code destinationServiceName}, {@code contextProtocol}, {@code apiProtocol}: text].
   */
  EDGE(
      "edge", Variety.REPORT,
      "timestamp", "sourceWorkloadNamespace", "sourceWorkloadName", "sourceOwner", "sourceUid",
      "destinationWorkloadNamespace", "destinationWorkloadName", "destinationOwner", "destinationUid",
      "destinationServiceNamespace", "destinationServiceName", "contextProtocol", "apiProtocol"),
  /**
   * Given [{@code source_uid}, {@code destination_uid}: text; {@code source_ip}, {@code destination_ip}:
   * addresses; {@code destination_port}: a whole number], says who they are. What it may say: {@code source_}
   * and {@code destination_} before {@code pod_uid}, {@code pod_name}, {@code namespace}, {@code owner},
   * {@code service_account_name}, {@code workload_uid}, {@code workload_name}, {@code workload_namespace}
   * (text), {@code pod_ip}, {@code host_ip} (addresses), {@code labels} (a map of text to text); {@code
   * destination_container_name} (text).
   */
  KUBERNETES(
      "kubernetes", Variety.ATTRIBUTE_GENERATOR,
      "source_uid", "source_ip", "destination_uid", "destination_ip", "destination_port");

  /** What is done with an instance, and when. */
  public enum Variety {
    /** {@link Adapter#check}: before a request goes on. */
    CHECK,
    /** {@link QuotaAdapter#take}: when all checks let it go on. */
    QUOTA,
    /** {@link ReportAdapter#report}: when its answer is sent. */
    REPORT,
    /** {@link AttributeGenerator#generate}: before everything else, when somebody asks for what it binds. */
    ATTRIBUTE_GENERATOR
  }

  private final String wireName;
  private final Variety variety;
  /** Their names with blanks between them: an enum holds nothing that could be changed. */
  private final String fields;

  Template(String wireName, Variety variety, String... fields) {
    this.wireName = wireName;
    this.variety = variety;
    this.fields = String.join(" ", fields);
  }

  /** The template of a name in {@code compiledTemplate}. */
  public static Optional<Template> named(String wireName) {
    return Arrays.stream(values()).filter(each -> each.wireName.equals(wireName)).findFirst();
  }

  /** All names, for messages. */
  public static String known() {
    return Arrays.stream(values()).map(Template::wireName).collect(Collectors.joining(", "));
  }

  /** The name in {@code compiledTemplate}. */
  public String wireName() {
    return wireName;
  }

  /** What is done with its instances. */
  public Variety variety() {
    return variety;
  }

  /** Its fields, in order, by their names here; see {@link #field}. */
  public Set<String> fields() {
    return fields.isEmpty() ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(fields.split(" "))));
  }

  /**
   * The field that somebody means: Mixer took {@code monitored_resource_type} for {@code
   * monitoredResourceType} too.
   */
  public Optional<String> field(String written) {
    return fields().stream().filter(each -> each.equals(written) || snake(each).equals(written)).findFirst();
  }

  private static String snake(String camel) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < camel.length(); i++) {
      char c = camel.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_').append(Character.toLowerCase(c));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }
}
