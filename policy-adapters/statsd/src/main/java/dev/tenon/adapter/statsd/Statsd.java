package dev.tenon.adapter.statsd;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Mixer's {@code statsd}. Parameters: {@code address} [localhost:8125], {@code prefix}, {@code flushBytes}
 * [512], {@code samplingRate} [1], and {@code metrics} by instance: {@code type} COUNTER, GAUGE or
 * DISTRIBUTION, and {@code nameTemplate} [the instance's name] with dimensions as {@code {{.name}}}. {@code
 * flushDuration} is without effect: each batch is sent at once.
 */
public final class Statsd implements AdapterFactory {
  private static final Map<String, Type> TYPES =
      Map.of("COUNTER", Type.COUNTER, "GAUGE", Type.GAUGE, "DISTRIBUTION", Type.DISTRIBUTION);

  @Override
  public String name() {
    return "statsd";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.METRIC);
  }

  @Override
  public Adapter build(Fields params) {
    String prefix = params.text("prefix", "");
    Map<String, Metric> metrics = metrics(params, (instance, each) -> metric(each, prefix, instance));
    params.duration(either(params, "flushDuration", "flush_duration"));
    long octets = params.whole(either(params, "flushBytes", "flush_bytes"), 64, 65_000).orElse(512L);
    double rate = params.number(either(params, "samplingRate", "sampling_rate"), 0.000_001, 1).orElse(1.0);
    return new Sending(address(params), metrics, Map.of(), false, (int) octets, rate);
  }

  private static Metric metric(Fields fields, String prefix, String instance) {
    String name = fields.text(either(fields, "nameTemplate", "name_template"), instance);
    if (!Metric.usable(name)) {
      fields.error("nameTemplate", "\"" + name + "\" has more than dimensions in it: write {{.name}} for each");
    }
    return new Metric(type(fields), prefix.isEmpty() ? name : prefix + "." + name, Map.of());
  }

  /** The field {@code metrics}, by instance. */
  static Map<String, Metric> metrics(Fields params, BiFunction<String, Fields, Metric> reader) {
    Map<String, Metric> metrics = new HashMap<>();
    params
        .mapping("metrics")
        .ifPresent(
            all ->
                all.names()
                    .forEach(instance -> all.mapping(instance).ifPresent(each -> metrics.put(instance, reader.apply(instance, each)))));
    return metrics;
  }

  static Type type(Fields fields) {
    Optional<Type> type = fields.oneOf("type", TYPES);
    if (type.isEmpty()) {
      fields.error("type", "is required: COUNTER, GAUGE or DISTRIBUTION");
    }
    return type.orElse(Type.COUNTER);
  }

  /** Where to send to; resolved when a handler sends. */
  static InetSocketAddress address(Fields params) {
    String text = params.text("address", "localhost:8125");
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(0, colon));
      int port = Integer.parseInt(text.substring(colon + 1));
      return host.equals("localhost")
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
          : InetSocketAddress.createUnresolved(host, port);
    } catch (IllegalArgumentException e) {
      params.error("address", "\"" + text + "\" is no address; write it like 127.0.0.1:8125");
      return InetSocketAddress.createUnresolved("localhost", 8125);
    }
  }

  /** A field in proto's spelling or in JSON's. */
  static String either(Fields fields, String... names) {
    return Arrays.stream(names).filter(fields::has).findFirst().orElse(names[0]);
  }
}
