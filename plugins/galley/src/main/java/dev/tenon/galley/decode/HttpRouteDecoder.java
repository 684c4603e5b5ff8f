package dev.tenon.galley.decode;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.rules.VirtualService.Action;
import dev.tenon.spi.rules.VirtualService.Destination;
import dev.tenon.spi.rules.VirtualService.HttpMatch;
import dev.tenon.spi.rules.VirtualService.HttpRoute;
import dev.tenon.spi.rules.VirtualService.Rewrite;
import dev.tenon.spi.rules.VirtualService.WeightedDestination;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Istio's {@code HTTPRoute}. */
final class HttpRouteDecoder {
  private static final int LARGEST_BODY = 1 << 20;
  private static final Set<Integer> REDIRECT_CODES = Set.of(301, 302, 303, 307, 308);

  private HttpRouteDecoder() {}

  static HttpRoute decode(String namespace, Fields route) {
    final String name = route.text("name", "");
    final List<HttpMatch> matches = route.mappings("match").stream().map(each -> HttpMatchDecoder.decode(namespace, each)).toList();
    refuse(route);
    Action action = action(route);
    HeaderDecoder.Result headers = HeaderDecoder.decode(route);
    final Optional<Rewrite> rewrite = rewrite(route, headers.authority());
    final Optional<Duration> timeout = Values.duration(route, "timeout");
    if (!(action instanceof Action.Forward)) {
      withoutEffect(route, "timeout", "retries");
    }
    return new HttpRoute(
        name,
        matches,
        action,
        rewrite,
        timeout,
        RouteOptions.retries(route),
        RouteOptions.fault(route),
        headers.request(),
        headers.response());
  }

  private static void refuse(Fields route) {
    Values.refuseAll(
        route,
        "requests are not mirrored; remove it",
        "mirror", "mirrors", "mirrorPercent", "mirror_percent", "mirrorPercentage");
    route.refuse("corsPolicy", "cross-origin rules are not applied by the proxy; let the application answer them, and remove it");
    route.refuse("delegate", "a VirtualService does not include others; write its routes here");
  }

  private static void withoutEffect(Fields route, String... names) {
    for (String name : names) {
      if (route.has(name)) {
        route.warn(name, "has no effect on a route that answers by itself; remove it", Values.DOUBTFUL);
      }
    }
  }

  private static Action action(Fields route) {
    Optional<String> which = route.atMostOne("route", "redirect", "directResponse");
    if (which.isEmpty() && !route.has("delegate")) {
      route.error("route", "one of route, redirect, directResponse is required");
    }
    if (which.isPresent() && !which.get().equals("route")) {
      for (String other : List.of("fault", "rewrite")) {
        if (route.has(other)) {
          route.error(other, "cannot stand beside " + which.get() + "; remove one of them");
        }
      }
    }
    // All three are read, so that what is wrong in each is said.
    Optional<Action> redirect = route.mapping("redirect").map(HttpRouteDecoder::redirect);
    Optional<Action> direct = route.mapping("directResponse").map(HttpRouteDecoder::directResponse);
    List<WeightedDestination> destinations = destinations(route);
    return redirect.or(() -> direct).orElseGet(() -> new Action.Forward(destinations));
  }

  private static List<WeightedDestination> destinations(Fields route) {
    List<Fields> all = route.mappings("route");
    if (all.isEmpty() && route.has("route")) {
      route.error("route", "is empty; give at least one destination");
    }
    List<WeightedDestination> result = new ArrayList<>();
    for (Fields each : all) {
      int weight = each.whole("weight", 0, 1_000_000).orElse(0L).intValue();
      HeaderDecoder.Result headers = HeaderDecoder.decode(each);
      if (!headers.authority().isEmpty()) {
        Values.refuse(each, "headers", "the authority is rewritten for a whole route; use rewrite.authority");
      }
      Destination destination = DestinationDecoder.decode(each);
      // A single destination has all requests, whatever its weight.
      result.add(new WeightedDestination(destination, all.size() == 1 ? 100 : weight, headers.request(), headers.response()));
    }
    if (result.size() > 1 && result.stream().allMatch(each -> each.weight() == 0)) {
      route.error("route", "all weights are 0, so no destination has a share; give one a weight");
    }
    return result;
  }

  private static Action redirect(Fields redirect) {
    String host = redirect.text("authority", "");
    String path = redirect.text("uri", "");
    int status = redirect.whole("redirectCode", 300, 399).orElse(301L).intValue();
    if (!REDIRECT_CODES.contains(status)) {
      redirect.error("redirectCode", status + " is none of 301, 302, 303, 307, 308");
    }
    Values.refuseAll(
        redirect,
        "host and path alone are replaced; write the port into authority, or remove it",
        "port", "derivePort");
    redirect.refuse("scheme", "this build serves plain HTTP alone; remove it");
    redirect.refuse("prefixRewrite", "a redirect gives a whole path; use uri");
    if (host.isEmpty() && path.isEmpty()) {
      redirect.error("uri", "uri or authority is required");
    }
    checkHeaderSafe(redirect, "authority", host);
    checkHeaderSafe(redirect, "uri", path);
    return new Action.Redirect(host, path, status);
  }

  private static Action directResponse(Fields response) {
    if (!response.has("status")) {
      response.error("status", "is required");
    }
    int status = response.whole("status", 200, 599).orElse(200L).intValue();
    String text = "";
    Optional<Fields> body = response.mapping("body");
    if (body.isPresent()) {
      body.get().atMostOne("string", "bytes");
      body.get().refuse("bytes", "the body is text; use string");
      text = body.get().text("string", "");
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      if (length > LARGEST_BODY) {
        body.get().error("string", "has " + length + " bytes; at most " + LARGEST_BODY + " are answered directly");
      }
    }
    return new Action.DirectResponse(status, text);
  }

  private static Optional<Rewrite> rewrite(Fields route, String fromHeaders) {
    Optional<Fields> fields = route.mapping("rewrite");
    if (fields.isEmpty()) {
      return fromHeaders.isEmpty() ? Optional.empty() : Optional.of(new Rewrite("", fromHeaders));
    }
    Fields rewrite = fields.get();
    String uri = rewrite.text("uri", "");
    String authority = rewrite.text("authority", "");
    rewrite.refuse("uriRegexRewrite", "paths are rewritten by prefix alone; use uri");
    checkHeaderSafe(rewrite, "uri", uri);
    checkHeaderSafe(rewrite, "authority", authority);
    if (uri.isEmpty() && authority.isEmpty() && !rewrite.has("uriRegexRewrite")) {
      rewrite.error("uri", "uri or authority is required");
    }
    if (!authority.isEmpty() && !fromHeaders.isEmpty()) {
      rewrite.error("authority", "the headers set the authority already to \"" + fromHeaders + "\"; keep one of them");
    }
    return Optional.of(new Rewrite(uri, authority.isEmpty() ? fromHeaders : authority));
  }

  private static void checkHeaderSafe(Fields fields, String field, String text) {
    if (text.length() > 8192 || text.chars().anyMatch(c -> c <= ' ' || c == 127)) {
      fields.error(field, "holds a space or a control character, or is longer than 8192 characters");
    }
  }
}
