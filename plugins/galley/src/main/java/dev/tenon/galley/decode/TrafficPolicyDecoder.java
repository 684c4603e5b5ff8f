package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.DestinationRule.Balancer;
import dev.tenon.spi.rules.DestinationRule.PlugBalancer;
import dev.tenon.spi.rules.DestinationRule.TrafficPolicy;
import java.time.Duration;
import java.util.Optional;

/** Reads Istio's {@code TrafficPolicy}. */
final class TrafficPolicyDecoder {
  private TrafficPolicyDecoder() {}

  /** One policy as written; a subset's replaces the rule's group by group, as Istio merges them. */
  record Written(Optional<Balancer> balancer, Optional<Pool> pool) {
    static final Written NOTHING = new Written(Optional.empty(), Optional.empty());

    /** This policy, and where it says nothing, another. */
    Written over(Written other) {
      return new Written(balancer.or(other::balancer), pool.or(other::pool));
    }

    /**
     * What holds then.
     *
     * @param plug who chooses endpoints in the place of the balancer
     */
    TrafficPolicy policy(Optional<PlugBalancer> plug) {
      Pool connections = pool.orElse(new Pool(Optional.empty(), Optional.empty(), Optional.empty()));
      return new TrafficPolicy(
          balancer.orElse(TrafficPolicy.DEFAULT.balancer()),
          plug,
          connections.connectTimeout(),
          connections.maxConnections(),
          connections.maxPending());
    }
  }

  /** Istio's {@code ConnectionPoolSettings}, as far as it is carried out. */
  record Pool(
      Optional<Duration> connectTimeout, Optional<Integer> maxConnections, Optional<Integer> maxPending) {}

  static Written decode(Fields owner) {
    return owner.mapping("trafficPolicy").map(TrafficPolicyDecoder::policy).orElse(Written.NOTHING);
  }

  private static Written policy(Fields policy) {
    final Optional<Balancer> balancer = policy.mapping("loadBalancer").flatMap(TrafficPolicyDecoder::balancer);
    final Optional<Pool> pool = policy.mapping("connectionPool").map(TrafficPolicyDecoder::pool);
    policy.mapping("tls").ifPresent(TrafficPolicyDecoder::tls);
    policy.refuse("outlierDetection", "endpoints are not taken out for their errors; remove it, and use retries");
    policy.refuse("portLevelSettings", "one policy holds for all ports of a host; move it up to trafficPolicy");
    policy.refuse("tunnel", "requests are not tunnelled; remove it");
    policy.refuse("proxyProtocol", "it is not sent to endpoints; remove it");
    policy.refuse("retryBudget", "retries are bounded by retries.attempts of the route; remove it");
    return new Written(balancer, pool);
  }

  private static Optional<Balancer> balancer(Fields fields) {
    fields.atMostOne("simple", "consistentHash", "backendUtilization");
    Values.refuseAll(
        fields,
        "endpoints are chosen by ROUND_ROBIN, LEAST_REQUEST or RANDOM; use simple",
        "consistentHash", "backendUtilization");
    Values.refuseAll(
        fields, "endpoints are chosen without regard to locality; remove it", "localityLbSetting", "zoneAwareLbSetting");
    Values.refuseAll(fields, "a new endpoint has its full share at once; remove it", "warmup", "warmupDurationSecs");
    String simple = fields.text("simple", "UNSPECIFIED");
    switch (simple) {
      case "UNSPECIFIED":
        return Optional.empty();
      case "ROUND_ROBIN":
        return Optional.of(Balancer.ROUND_ROBIN);
      case "RANDOM":
        return Optional.of(Balancer.RANDOM);
      case "LEAST_REQUEST", "LEAST_CONN":
        return Optional.of(Balancer.LEAST_REQUEST);
      case "PASSTHROUGH":
        Values.refuse(fields, "simple", "PASSTHROUGH sends a connection where the caller meant it to go, and nothing is captured; use LEAST_REQUEST, ROUND_ROBIN or RANDOM");
        return Optional.empty();
      default:
        fields.error("simple", "\"" + simple + "\" is none of LEAST_REQUEST, RANDOM, ROUND_ROBIN");
        return Optional.empty();
    }
  }

  private static Pool pool(Fields fields) {
    Optional<Duration> connectTimeout = Optional.empty();
    Optional<Integer> maxConnections = Optional.empty();
    Optional<Integer> maxPending = Optional.empty();
    Optional<Fields> tcp = fields.mapping("tcp");
    if (tcp.isPresent()) {
      connectTimeout = Values.duration(tcp.get(), "connectTimeout");
      maxConnections = limit(tcp.get(), "maxConnections");
      Values.refuseAll(
          tcp.get(),
          "of tcp, connectTimeout and maxConnections alone; remove it",
          "idleTimeout", "maxConnectionDuration", "tcpKeepalive");
    }
    Optional<Fields> http = fields.mapping("http");
    if (http.isPresent()) {
      maxPending = limit(http.get(), "http1MaxPendingRequests");
      Values.refuseAll(
          http.get(),
          "of http, http1MaxPendingRequests alone; remove it",
          "http2MaxRequests", "idleTimeout", "maxRequestsPerConnection", "maxRetries", "h2UpgradePolicy",
          "useClientProtocol", "maxConcurrentStreams", "http2KeepAlive");
    }
    return new Pool(connectTimeout, maxConnections, maxPending);
  }

  /** Istio takes 0 for "not said". */
  private static Optional<Integer> limit(Fields fields, String field) {
    return fields.whole(field, 0, Integer.MAX_VALUE).map(Long::intValue).filter(value -> value > 0);
  }

  private static void tls(Fields tls) {
    String mode = tls.text("mode", "DISABLE");
    String[] others = {
      "clientCertificate", "privateKey", "caCertificates", "credentialName", "subjectAltNames", "sni",
      "insecureSkipVerify", "caCrl"
    };
    switch (mode) {
      case "DISABLE":
        Values.refuseAll(tls, "TLS is not used with mode DISABLE; remove it", others);
        return;
      case "ISTIO_MUTUAL":
        Values.refuse(tls, "mode", "ISTIO_MUTUAL needs workload identities, and this build issues none; remove tls, or write mode: DISABLE");
        break;
      case "SIMPLE", "MUTUAL":
        Values.refuse(tls, "mode", mode + " needs TLS towards endpoints, and this build speaks plain HTTP to them; remove tls, or write mode: DISABLE");
        break;
      default:
        tls.error("mode", "\"" + mode + "\" is none of DISABLE, ISTIO_MUTUAL, MUTUAL, SIMPLE");
    }
    for (String other : others) {
      tls.node(other);
    }
  }
}
