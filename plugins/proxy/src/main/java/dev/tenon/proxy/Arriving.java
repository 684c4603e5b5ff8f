package dev.tenon.proxy;

import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.compile.RouteSource;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.compile.Table;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.http.HeadParser;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Matching;
import dev.tenon.proxy.request.Paths;
import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.policy.Sketch;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What this proxy would make of a sketched request: it is parsed, its path made normal and its route found as ever. */
final class Arriving implements Whereabouts {
  private static final String LABELS = "destination.labels.";

  private final Live live;
  private final String workload;

  /** @param workload {@code namespace/name} of its own */
  Arriving(Live live, String workload) {
    this.live = live;
    this.workload = workload;
  }

  @Override
  public Optional<Arrival> of(Sketch request, String source, String destination) {
    if (!destination.isEmpty() && !destination.equals(workload)) {
      return Optional.empty();
    }
    Table table = live.present().table();
    List<ListenerSpec> listeners =
        table.listeners().values().stream()
            .sorted(Comparator.comparingInt((ListenerSpec each) -> rank(each, request.host())).thenComparing(ListenerSpec::name))
            .toList();
    return listeners.stream().findFirst().map(each -> arrival(each, table, request, source));
  }

  /** The listener of the service that is called goes first, then that for what the application calls, then any. */
  private static int rank(ListenerSpec listener, String host) {
    boolean own =
        listener.direction() == ListenerSpec.Direction.INBOUND
            && listener.http().policy().map(policy -> isOf(policy.attributes(), host)).orElse(false);
    return own ? 0 : listener.direction() == ListenerSpec.Direction.INBOUND ? 2 : 1;
  }

  private static boolean isOf(Map<String, String> attributes, String authority) {
    String host = authority.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    String full = attributes.getOrDefault("destination.service.host", "");
    return host.isEmpty() || host.equals(full) || full.startsWith(host + ".");
  }

  private Arrival arrival(ListenerSpec listener, Table table, Sketch request, String source) {
    List<String> notes = new ArrayList<>();
    Call call = new Call();
    String where = workload + " at " + listener.address().getHostString() + ":" + listener.address().getPort();
    if (!parse(call, request)) {
      return new Arrival(where, "400: the request cannot be read", List.of(), request, notes);
    }
    if (!Paths.normalize(call, listener.http().paths())) {
      return new Arrival(where, "400: the path cannot be made normal", List.of(), request, notes);
    }
    Map<String, Object> attributes = new HashMap<>();
    Optional<PolicySpec> policy = listener.http().policy();
    policy.ifPresent(spec -> destination(spec, listener, attributes));
    if (policy.isEmpty()) {
      notes.add("policy is judged by the called workload's proxy, not by this one");
    }
    source(source, table, attributes, notes);
    attributes.putAll(request.attributes());
    return new Arrival(
        where, route(listener, table, call), policy.map(PolicySpec::namespaces).orElse(List.of()),
        new Sketch(request.method(), request.host(), call.pathAndQuery(), request.headers(), attributes), notes);
  }

  private static boolean parse(Call call, Sketch request) {
    StringBuilder head = new StringBuilder(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    head.append("host: ").append(request.host().isEmpty() ? "unknown" : request.host()).append("\r\n");
    request.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    return HeadParser.request(bytes, 0, bytes.length, 1_000, call.head()) == bytes.length && call.begin(null, null);
  }

  private static void destination(PolicySpec spec, ListenerSpec listener, Map<String, Object> attributes) {
    Map<String, String> labels = new HashMap<>();
    spec.attributes().forEach((name, value) -> {
      if (name.startsWith(LABELS)) {
        labels.put(name.substring(LABELS.length()), value);
      } else {
        attributes.put(name, value);
      }
    });
    attributes.put("destination.labels", labels);
    attributes.put("destination.ip", listener.address().getAddress());
    attributes.put("destination.port", (long) listener.address().getPort());
  }

  private static void source(String source, Table table, Map<String, Object> attributes, List<String> notes) {
    if (source.isEmpty()) {
      notes.add("nothing is known of the caller; --source says who it is");
      return;
    }
    Optional<Map.Entry<String, Workload>> caller =
        table.workloads().entrySet().stream()
            .filter(each -> source.contains("/") ? each.getValue().key().equals(source) : each.getKey().equals("/" + source))
            .findFirst();
    if (caller.isEmpty()) {
      notes.add("this proxy knows no workload " + source);
    }
    caller.map(Map.Entry::getValue).ifPresent(each -> {
      attributes.put("source.name", each.name());
      attributes.put("source.workload.name", each.name());
      attributes.put("source.namespace", each.namespace());
      attributes.put("source.workload.namespace", each.namespace());
      attributes.put("source.uid", "kubernetes://" + each.name() + "." + each.namespace());
      attributes.put("source.serviceAccount", each.serviceAccount());
      attributes.put("source.labels", each.labels());
    });
    try {
      attributes.put("source.ip", InetAddress.ofLiteral(caller.map(each -> each.getKey().substring(each.getKey().indexOf('/') + 1)).orElse(source)));
    } catch (IllegalArgumentException e) {
      notes.add("the address of the caller is not known");
    }
  }

  private static String route(ListenerSpec listener, Table table, Call call) {
    RouteTable routes =
        switch (listener.http().routes()) {
          case RouteSource.Inline(RouteTable inline) -> inline;
          case RouteSource.Named(String name) -> table.routes().get(name);
        };
    VirtualHost host = routes == null ? null : routes.find(call.authority().toLowerCase(Locale.ROOT));
    Route route = host == null ? null : Matching.find(host, call);
    return route == null ? "404: no route" : told(host, route);
  }

  private static String told(@Nullable VirtualHost host, Route route) {
    String name = (host == null ? "" : "virtual host " + host.name() + ", ") + (route.name().isEmpty() ? "" : "route " + route.name() + ", ");
    return name
        + switch (route.action()) {
          case RouteAction.Forward forward ->
              "to " + forward.clusters().stream()
                  .map(each -> each.cluster() + (forward.clusters().size() == 1 ? "" : " (" + each.weight() + " of " + forward.totalWeight() + ")"))
                  .collect(Collectors.joining(", "));
          case RouteAction.Redirect redirect -> "answered " + redirect.status() + ", a redirect";
          case RouteAction.DirectResponse(int status, String ignored) -> "answered " + status + " by configuration";
        };
  }
}
