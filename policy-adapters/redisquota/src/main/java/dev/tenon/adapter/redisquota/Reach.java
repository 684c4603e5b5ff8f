package dev.tenon.adapter.redisquota;

import dev.tenon.spi.config.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * How Redis is reached. Parameters: {@code redisServerUrl} [localhost:6379], {@code connectionPoolSize} [10], {@code tls}
 * [false] with the certificates that Java trusts or those of {@code caCertificates}, a file of PEM, {@code user}, {@code passwordFile}.
 *
 * @param authority whose certificates are trusted; null for those that Java trusts
 * @param password a secret: never told
 */
record Reach(
    HostAndPort server, int pool, boolean tls, @Nullable Authority authority, @Nullable String user, @Nullable String password) {
  private static final int USUAL_PORT = 6379;
  private static final int CONNECT_MILLIS = 1_000;
  private static final int ANSWER_MILLIS = 1_000;
  private static final int LARGEST_SECRET = 4_096;

  static Reach read(Fields params) {
    String url = params.text("redisServerUrl", "localhost:" + USUAL_PORT);
    HostAndPort server = server(url).orElseGet(() -> {
      params.error("redisServerUrl", "should be host:port; whether TLS is spoken and who asks are fields of their own");
      return new HostAndPort("localhost", USUAL_PORT);
    });
    int pool = params.whole("connectionPoolSize", 1, 1_000).orElse(10L).intValue();
    String password = params.optionalText("passwordFile").map(file -> secret(file, params)).orElse(null);
    boolean tls = params.truth("tls", false);
    Authority authority = params.optionalText("caCertificates").map(file -> Authority.read(file, params)).orElse(null);
    if (params.has("caCertificates") && !tls) {
      params.error("caCertificates", "is without effect unless tls is true");
    }
    return new Reach(server, pool, tls, authority, params.optionalText("user").orElse(null), password);
  }

  private static Optional<HostAndPort> server(String url) {
    int colon = url.lastIndexOf(':');
    if (url.contains("/") || url.contains("@") || url.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          colon < 0
              ? new HostAndPort(url, USUAL_PORT)
              : new HostAndPort(url.substring(0, colon), Integer.parseInt(url.substring(colon + 1))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String secret(String file, Fields params) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST_SECRET) {
        params.error("passwordFile", "is longer than " + LARGEST_SECRET + " bytes");
        return null;
      }
      return Files.readString(path).strip();
    } catch (IOException | java.nio.file.InvalidPathException e) {
      params.error("passwordFile", "cannot be read: " + e);
      return null;
    }
  }

  /** A client that connects when it is first used, and anew whenever a connection is lost. */
  RedisClient open() {
    GenericObjectPoolConfig<Connection> pooled = new GenericObjectPoolConfig<>();
    pooled.setMaxTotal(pool);
    pooled.setMaxIdle(pool);
    pooled.setMaxWait(java.time.Duration.ofMillis(ANSWER_MILLIS));
    pooled.setJmxEnabled(false);
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .resp2()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED) // two trips before a new connection's first question
            .connectionTimeoutMillis(CONNECT_MILLIS)
            .socketTimeoutMillis(ANSWER_MILLIS)
            .user(user)
            .password(password);
    if (tls) {
      SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
      if (authority != null) {
        options.trustStoreType(Authority.STORE).truststore(authority::open, Authority.PASSWORD.toCharArray());
      }
      client.sslOptions(options.build());
    }
    return RedisClient.builder().hostAndPort(server).poolConfig(pooled).clientConfig(client.build()).build();
  }

  @Override
  public String toString() {
    return server + (tls ? " by TLS" : "");
  }
}
