package dev.tenon.adapter.statsd;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.util.Map;
import java.util.Set;

/**
 * Mixer's {@code dogstatsd}: StatsD with tags. Parameters: {@code address} [localhost:8125], {@code prefix}
 * [istio.], {@code globalTags}, {@code sampleRate} [1], and {@code metrics} by instance: {@code name},
 * {@code type}, {@code tags}. Dimensions are tags. {@code bufferLength} is without effect.
 */
public final class DogStatsd implements AdapterFactory {
  private static final int OCTETS = 1400;

  @Override
  public String name() {
    return "dogstatsd";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.METRIC);
  }

  @Override
  public Adapter build(Fields params) {
    String prefix = params.text("prefix", "istio.");
    Map<String, Metric> metrics =
        Statsd.metrics(
            params, (instance, each) -> new Metric(Statsd.type(each), prefix + each.text("name", instance), each.textMap("tags")));
    params.whole(Statsd.either(params, "bufferLength", "buffer_length"), 0, 1_000_000);
    double rate = params.number(Statsd.either(params, "sampleRate", "sample_rate"), 0.000_001, 1).orElse(1.0);
    Map<String, String> tags = params.textMap(Statsd.either(params, "globalTags", "global_tags"));
    return new Sending(Statsd.address(params), metrics, tags, true, OCTETS, rate);
  }
}
