package dev.tenon.adapter.zipkin;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.net.URI;
import java.util.Set;

/**
 * Mixer's {@code zipkin}: spans as JSON of Zipkin's version 2. Parameters: {@code url}, where they are
 * posted to, and {@code sampleProbability} [0: off], which part of all traces is sent.
 */
public final class Zipkin implements AdapterFactory {
  @Override
  public String name() {
    return "zipkin";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.TRACESPAN);
  }

  @Override
  public Adapter build(Fields params) {
    URI url = url(params, params.text("url"));
    String field = params.has("sample_probability") ? "sample_probability" : "sampleProbability";
    double part = params.number(field, 0, 1).orElse(0.0);
    if (part == 0) {
      params.warn(field, "is 0, as it is when left out: no span is sent; 1 sends all", "TEN0004");
    }
    return new Sending(url, part);
  }

  private static URI url(Fields params, String text) {
    try {
      URI url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    params.error("url", "\"" + text + "\" is no address to post to; write it like http://127.0.0.1:9411/api/v2/spans");
    return URI.create("http://127.0.0.1:9411/api/v2/spans");
  }
}
