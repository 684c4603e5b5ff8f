package dev.tenon.bench.run;

import dev.tenon.bench.contend.Redis;
import org.jspecify.annotations.Nullable;

/** One limit for all requests. */
final class Limits {
    /** More than anybody asks for. */
    static final String PLENTY = yaml("fixed", 1_000_000_000L, 10_000, null);

    private Limits() {}

    /** @param kind fixed or rolling */
    static String yaml(String kind, long amount, long windowMillis, @Nullable Redis redis) {
        return """
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: limit}
                spec:
                  compiledAdapter: %s
                  params: {%squotas: [{name: requests, maxAmount: %d, validDuration: %dms, rateLimitAlgorithm: %s}]}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: requests}
                spec: {compiledTemplate: quota, params: {dimensions: {to: 'destination.service.name | "nobody"', mark: '"%s"'}}}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: limit, annotations: {policy.tenon.dev/on-failure: closed}}
                spec:
                  actions: [{handler: limit, instances: [requests]}]
                """
                .formatted(
                        redis == null ? "memquota" : "redisquota",
                        redis == null ? "" : "redisServerUrl: \"127.0.0.1:" + redis.port() + "\", ",
                        amount, windowMillis, kind.equals("fixed") ? "FIXED_WINDOW" : "ROLLING_WINDOW",
                        kind + amount + (redis == null ? "" : "redis"));
    }
}
