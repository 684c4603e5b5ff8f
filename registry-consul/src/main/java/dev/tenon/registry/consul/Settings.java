package dev.tenon.registry.consul;

import dev.tenon.registry.consul.ask.Agent;
import dev.tenon.registry.consul.convert.Wishes;
import dev.tenon.registry.consul.watch.Datacenter;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.model.Protocol;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The section {@code registry-consul} of the process's configuration.
 *
 * @param answerLimit in bytes
 * @param configuration the prefix below which objects lie, with a slash at its end; empty when there is none
 * @param leadership the key that replicas of the control plane contend for; empty when there is one alone
 * @param leases the prefix below which leases of workloads lie that control planes share, with a slash at its end
 * @param register whether Consul is told of what other registries have
 */
record Settings(
    Agent agent,
    Wishes wishes,
    Datacenter.Habits habits,
    long answerLimit,
    Optional<String> configuration,
    Optional<String> leadership,
    String leases,
    boolean register) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){0,9}");
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /**
   * Reads it.
   *
   * @throws dev.tenon.spi.config.BadConfig with all that is wrong in it
   */
  static Settings read(Fields fields) {
    List<String> datacenters = fields.texts("datacenters");
    Map<String, Protocol> protocols =
        Arrays.stream(Protocol.values()).collect(Collectors.toMap(each -> each.name().toLowerCase(java.util.Locale.ROOT), Function.identity()));
    String namespace = fields.text("namespace", "default");
    if (!Names.isDnsLabel(namespace)) {
      fields.error("namespace", "\"" + namespace + "\" should be " + Names.DNS_LABEL);
    }
    Settings settings = new Settings(
        agent(fields),
        new Wishes(
            datacenters.isEmpty() ? List.of("") : datacenters,
            fields.text("domain", "consul"),
            namespace,
            fields.oneOf("protocol", protocols).orElse(Protocol.HTTP),
            fields.text("taggedAddress", ""),
            fields.truth("onlyPassing", false)),
        new Datacenter.Habits(
            duration(fields, "wait", Duration.ofSeconds(30), Duration.ofSeconds(1), LONGEST_WAIT),
            duration(fields, "sweep", Duration.ofSeconds(8), Duration.ofSeconds(1), LONGEST_WAIT),
            fields.truth("stale", true),
            fields.whole("readers", 1, 8).orElse(6L).intValue()),
        fields.whole("answerLimit", 1 << 20, 1 << 30).orElse(32L << 20),
        key(fields, "configuration").map(each -> each + "/"),
        key(fields, "leadership"),
        key(fields, "leases").orElse("tenon/leases") + "/",
        fields.truth("register", false));
    fields.finish();
    return settings;
  }

  private static Optional<String> key(Fields fields, String field) {
    Optional<String> key = fields.optionalText(field).map(each -> each.endsWith("/") ? each.substring(0, each.length() - 1) : each);
    key.filter(each -> !KEY.matcher(each).matches()).ifPresent(each -> fields.error(field,
        "\"" + each + "\" should be like tenon/" + field + ": letters, digits, dots, hyphens and underscores, in parts of one slash between"));
    return key;
  }

  private static Agent agent(Fields fields) {
    String address = fields.text("address", "http://127.0.0.1:8500");
    if (!usable(address)) {
      fields.error("address", "\"" + address + "\" should be like http://127.0.0.1:8500 or https://consul.example:8501");
    }
    if (fields.has("token")) {
      fields.error("token", "a token in the configuration is seen by all who read it; put it into a file of its own and name that in tokenFile");
    }
    Optional<Fields> tls = fields.mapping("tls");
    Agent.Tls certificates = new Agent.Tls(path(tls, "authorities"), path(tls, "certificate"), path(tls, "key"));
    tls.filter(_ -> certificates.certificate().isPresent() != certificates.key().isPresent())
        .ifPresent(each -> each.error("certificate", "certificate and key belong together; give both or neither"));
    return new Agent(address, fields.optionalText("tokenFile").map(Path::of), certificates);
  }

  private static Optional<Path> path(Optional<Fields> tls, String field) {
    return tls.flatMap(each -> each.optionalText(field)).map(Path::of);
  }

  private static boolean usable(String address) {
    try {
      URI uri = URI.create(address);
      return List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null && uri.getPort() > 0
          && String.valueOf(uri.getPath()).isEmpty() && uri.getUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Duration duration(Fields fields, String name, Duration fallback, Duration least, Duration most) {
    Duration value = fields.duration(name).orElse(fallback);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      fields.error(name, "should be between " + least.toSeconds() + "s and " + most.toSeconds() + "s");
    }
    return value;
  }
}
