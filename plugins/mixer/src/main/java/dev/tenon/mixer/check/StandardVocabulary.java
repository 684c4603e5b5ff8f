package dev.tenon.mixer.check;

import dev.tenon.mixer.check.Vocabulary.Attribute;
import dev.tenon.mixer.check.Vocabulary.Seen;
import java.util.HashMap;
import java.util.Map;

/**
 * The attributes of Istio 1.4: what its attribute manifests {@code istioproxy} and {@code kubernetes}
 * declare. One table: a line gives names a type and says when requests have them.
 *
 * <p>A proxy that evaluates expressions gives each attribute exactly this type (a String, Long,
 * Boolean, {@link java.time.Duration}, {@link java.time.Instant}, {@link java.net.InetAddress} or Map
 * of String to String). Keys of {@code request.headers} are lower-case, pseudo headers included.
 */
public final class StandardVocabulary {
  private static final String TABLE =
      """
      CHECK STRING context.protocol context.reporter.kind context.reporter.uid context.proxy_version
      CHECK BOOL context.reporter.local
      CHECK TIMESTAMP context.time context.timestamp

      CHECK STRING source.uid source.user source.principal source.name source.namespace source.owner
      CHECK STRING source.serviceAccount source.services
      CHECK STRING source.workload.uid source.workload.name source.workload.namespace
      CHECK STRING_MAP source.labels source.metadata
      CHECK IP_ADDRESS source.ip origin.ip
      NEVER STRING origin.uid origin.user

      CHECK STRING destination.uid destination.principal destination.name destination.namespace
      CHECK STRING destination.owner destination.serviceAccount destination.container.name
      CHECK STRING destination.service.uid destination.service.name destination.service.namespace
      CHECK STRING destination.service.host
      CHECK STRING destination.workload.uid destination.workload.name destination.workload.namespace
      CHECK STRING_MAP destination.labels destination.metadata
      CHECK IP_ADDRESS destination.ip
      CHECK INT64 destination.port

      CHECK STRING request.host request.method request.path request.url_path request.referer
      CHECK STRING request.scheme request.useragent
      CHECK STRING_MAP request.headers request.query_params
      CHECK TIMESTAMP request.time
      CHECK STRING request.auth.principal request.auth.audiences request.auth.presenter
      CHECK STRING request.auth.raw_claims
      CHECK STRING_MAP request.auth.claims
      REPORT INT64 request.size request.total_size
      NEVER STRING request.id request.reason request.api_key

      REPORT INT64 response.code response.size response.total_size
      REPORT DURATION response.duration
      REPORT TIMESTAMP response.time
      REPORT STRING_MAP response.headers
      REPORT STRING response.grpc_status response.grpc_message context.proxy_error_code

      CHECK STRING connection.id connection.requested_server_name
      CHECK BOOL connection.mtls
      REPORT STRING connection.event
      REPORT INT64 connection.received.bytes connection.received.bytes_total
      REPORT INT64 connection.sent.bytes connection.sent.bytes_total
      REPORT DURATION connection.duration

      REPORT INT64 check.error_code
      REPORT STRING check.error_message
      REPORT BOOL check.cache_hit quota.cache_hit
      REPORT STRING rbac.permissive.response_code rbac.permissive.effective_policy_id
      NEVER STRING api.service api.version api.operation api.protocol
      """;

  /** The vocabulary. */
  public static final Vocabulary STANDARD = new Vocabulary(read());

  private StandardVocabulary() {}

  private static Map<String, Attribute> read() {
    Map<String, Attribute> attributes = new HashMap<>();
    for (String line : TABLE.lines().filter(each -> !each.isBlank()).toList()) {
      String[] words = line.split(" ");
      Attribute attribute = new Attribute(ValueType.valueOf(words[1]), Seen.valueOf(words[0]));
      for (int i = 2; i < words.length; i++) {
        attributes.put(words[i], attribute);
      }
    }
    return attributes;
  }
}
