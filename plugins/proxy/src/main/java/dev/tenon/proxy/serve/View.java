package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HttpSpec.HttpLimits;
import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.RouteTable;
import dev.tenon.proxy.compile.VirtualHost;
import dev.tenon.proxy.http.Octets;
import dev.tenon.proxy.live.Generation;
import dev.tenon.proxy.report.LogLane;
import dev.tenon.proxy.report.Series;
import dev.tenon.proxy.report.SeriesKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one connection works by: the generation that its present request began with, seen from the
 * listener by which it came, and what was looked up there for the request before.
 */
final class View {
  private final Lane lane;
  private final Site site;
  private boolean retired;
  private @Nullable Generation known;
  private @Nullable ListenerSpec listener;
  private @Nullable RouteTable routes;
  private byte[] lastAuthority = {};
  private @Nullable VirtualHost lastHost;
  private @Nullable Series series;
  private @Nullable LogLane log;
  private @Nullable FilterChain filters;

  View(Lane lane, Site site) {
    this.lane = lane;
    this.site = site;
  }

  Site site() {
    return site;
  }

  /** Looks at the present generation, once for each request. */
  @SuppressWarnings("ReferenceEquality") // a generation is itself alone
  void refresh() {
    Generation present = lane.generation();
    if (present == known) {
      return;
    }
    known = present;
    lastHost = null;
    lastAuthority = new byte[0];
    series = null;
    if (site instanceof Site.OfTable table) {
      ListenerSpec now = table.spec(present);
      // A listener that is gone serves its last connections as it was.
      retired = now == null;
      listener = now == null ? listener : now;
      routes = listener == null ? null : Site.OfTable.routes(listener.http(), present);
      log = listener == null ? null : lane.log(listener.http().accessLog());
      filters = listener == null ? null : FilterChain.of(listener.http().filters(), lane.plugs().filters());
    }
  }

  Generation generation() {
    return Objects.requireNonNull(known);
  }

  /** Null before the first request, and at the proxy's own pages. */
  @Nullable ListenerSpec listener() {
    return listener;
  }

  HttpLimits limits() {
    return listener == null ? HttpLimits.DEFAULT : listener.http().limits();
  }

  /** Whether the listener leads, or led, to the application beside this proxy. */
  boolean isInbound() {
    ListenerSpec spec = listener;
    if (spec == null && site instanceof Site.OfTable table) {
      spec = table.spec(lane.generation());
    }
    return spec != null && spec.direction() == ListenerSpec.Direction.INBOUND;
  }

  /** Whether the listener is gone: the present request is the last. */
  boolean retired() {
    return retired;
  }

  /** Where requests are logged, if anywhere. */
  @Nullable LogLane log() {
    return log;
  }

  /** The plug-ins that look at requests; null when there are none. */
  @Nullable FilterChain filters() {
    return filters;
  }

  /** The virtual host of an authority; callers mostly ask for the one they asked for before. */
  @Nullable VirtualHost host(byte[] bytes, int from, int to) {
    if (routes == null) {
      return null;
    }
    if (lastAuthority.length > 0 && Arrays.equals(lastAuthority, 0, lastAuthority.length, bytes, from, to)) {
      return lastHost;
    }
    lastAuthority = Arrays.copyOfRange(bytes, from, to);
    lastHost = routes.find(Octets.text(bytes, from, to).toLowerCase(Locale.ROOT));
    return lastHost;
  }

  /** Where requests of a caller to a cluster are counted. */
  Series series(String cluster, Exchange x) {
    Series last = series;
    if (last == null || !last.cluster().equals(cluster)) {
      boolean inbound = isInbound();
      last = lane.meters().series(new SeriesKey(inbound, cluster, inbound ? x.sourceName() : ""));
      series = last;
    }
    return last;
  }
}
