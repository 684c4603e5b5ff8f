package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a tree looks like, the decoder answers with an object or with findings. */
class DecoderPropertyTest {
  private static final Position AT = new Position("tree", 1, 1);

  /** Names that the decoders look at, so that trees go deep. */
  private static final List<String> NAMES =
      List.of(
          "http", "route", "match", "destination", "host", "hosts", "uri", "headers", "exact", "prefix", "regex",
          "weight", "port", "number", "name", "servers", "protocol", "subsets", "labels", "trafficPolicy",
          "loadBalancer", "simple", "connectionPool", "tcp", "maxConnections", "connectTimeout", "tls", "mode",
          "fault", "delay", "abort", "percentage", "value", "fixedDelay", "httpStatus", "retries", "attempts",
          "redirect", "redirectCode", "directResponse", "status", "body", "string", "rewrite", "gateways", "exportTo",
          "endpoints", "ports", "resolution", "address", "locality", "workloadSelector", "request", "set", "remove",
          "params", "compiledTemplate", "compiledAdapter", "actions", "instances", "handler", "selector", "targetPort",
          "sourceLabels", "queryParams", "withoutHeaders", "timeout", "bind", "", "a.b", "X-A");

  @Property(tries = 400)
  void aTreeIsAnObjectOrHasFindings(@ForAll("documents") Node document) {
    for (Outcome outcome : Decoder.decode(List.of(document), "default", new YamlText())) {
      if (outcome instanceof Outcome.Bad bad) {
        assertThat(bad.findings()).anyMatch(each -> each.severity() == Finding.Severity.ERROR);
      }
    }
  }

  @Provide
  Arbitrary<Node> documents() {
    Arbitrary<Node> kinds = Arbitraries.of(Kind.values()).map(kind -> new Node.Text(kind.kindName(), AT));
    Arbitrary<Node> spec = tree(6);
    Arbitrary<Node> objects =
        net.jqwik.api.Combinators.combine(kinds, spec, tree(2))
            .as(
                (kind, body, other) -> {
                  LinkedHashMap<String, Node> document = new LinkedHashMap<>();
                  Kind known = Kind.named(((Node.Text) kind).value()).orElseThrow();
                  document.put("apiVersion", new Node.Text(known.apiVersions().getFirst(), AT));
                  document.put("kind", kind);
                  LinkedHashMap<String, Node> metadata = new LinkedHashMap<>();
                  metadata.put("name", new Node.Text("a", AT));
                  metadata.put("annotations", other);
                  document.put("metadata", new Node.Mapping(metadata, AT));
                  document.put("spec", body);
                  return new Node.Mapping(document, AT);
                });
    return Arbitraries.oneOf(objects, objects, objects, tree(3));
  }

  private static Arbitrary<Node> tree(int depth) {
    Arbitrary<Node> scalars =
        Arbitraries.oneOf(
            Arbitraries.of("", "a", "*", "*.a", "/a", "a/b", "a:1", "(", "1s", "0s", "127.0.0.1", "::", "999.1.1.1", "HTTP", "DNS", "STATIC", "checknothing", "\n", "é")
                .map(text -> new Node.Text(text, AT)),
            Arbitraries.of(0.0, 1.0, -1.0, 0.5, 80.0, 503.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY).map(number -> new Node.Numeric(number, AT)),
            Arbitraries.of(true, false).map(truth -> new Node.Truth(truth, AT)),
            Arbitraries.just(new Node.Null(AT)));
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<Node> inner = Arbitraries.lazy(() -> tree(depth - 1));
    Arbitrary<Node> lists = inner.list().ofMaxSize(3).map(items -> new Node.Items(items, AT));
    Arbitrary<Node> mappings =
        Arbitraries.maps(Arbitraries.of(NAMES), inner)
            .ofMaxSize(6)
            .map(entries -> new Node.Mapping(new LinkedHashMap<>(entries), AT));
    return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(2, scalars), net.jqwik.api.Tuple.of(2, lists), net.jqwik.api.Tuple.of(5, mappings));
  }
}
