package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.TextMatch;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Istio's {@code HTTPMatchRequest}. */
final class HttpMatchDecoder {
  private HttpMatchDecoder() {}

  static HttpMatch decode(String namespace, Fields match) {
    Optional<TextMatch> uri = TextMatches.one(match, "uri");
    uri.ifPresent(each -> checkPath(match, each));
    final boolean ignoreUriCase = match.truth("ignoreUriCase", false);
    final Optional<TextMatch> method = TextMatches.one(match, "method");
    final Optional<TextMatch> authority = TextMatches.one(match, "authority");
    final Map<String, TextMatch> headers = TextMatches.headers(match, "headers");
    final Map<String, TextMatch> without = TextMatches.headers(match, "withoutHeaders");
    final Map<String, TextMatch> parameters = TextMatches.parameters(match, "queryParams");
    final Optional<Integer> port = match.has("port") ? Optional.of(match.port("port")) : Optional.empty();
    match.node("port");
    final Map<String, String> labels = Values.labels(match, "sourceLabels");
    final String sourceNamespace = match.text("sourceNamespace", "");
    if (!sourceNamespace.isEmpty() && !Names.isLabel(sourceNamespace)) {
      match.error("sourceNamespace", "\"" + sourceNamespace + "\" is no namespace");
    }
    final List<String> gateways = GatewayNames.read(match, namespace);
    match.refuse("scheme", "this build serves plain HTTP alone, so every request has the same scheme; remove it");
    observe(match, "name", "names the match in access logs");
    observe(match, "statPrefix", "counts the match apart");
    return new HttpMatch(
        uri, ignoreUriCase, method, authority, headers, without, parameters, port, labels, sourceNamespace, gateways);
  }

  /** What changes no request is accepted, and said to be without effect. */
  private static void observe(Fields match, String field, String what) {
    match
        .optionalText(field)
        .ifPresent(text -> match.warn(field, what + ", which this build does not do; requests are matched all the same", Values.DOUBTFUL));
  }

  private static void checkPath(Fields match, TextMatch uri) {
    String path =
        switch (uri) {
          case TextMatch.Exact exact -> exact.value();
          case TextMatch.Prefix prefix -> prefix.value();
          case TextMatch.Regex ignored -> "/";
          case TextMatch.Present ignored -> "/";
        };
    if (!path.startsWith("/") && !path.equals("*")) {
      match.warn("uri", "\"" + path + "\" never matches, since a path begins with '/'", Values.DOUBTFUL);
    }
  }
}
