package dev.tenon.proxy.serve;

import dev.tenon.proxy.live.Generation;
import dev.tenon.proxy.live.Live;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.report.LogLane;
import dev.tenon.proxy.report.Meters;
import dev.tenon.proxy.report.RecordLane;
import dev.tenon.proxy.report.Totals;
import dev.tenon.proxy.request.RequestWriter;
import dev.tenon.proxy.request.ResponseWriter;
import dev.tenon.proxy.upstream.Clusters;
import dev.tenon.proxy.upstream.PickView;
import dev.tenon.proxy.upstream.Plugged;
import dev.tenon.proxy.upstream.Usage;
import dev.tenon.spi.ports.Ports;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Everything that serving needs on one event loop. */
public final class Lane {
  private final Map<Optional<String>, Optional<LogLane>> logs = new HashMap<>();

  private final LoopState loop;
  private final Ports ports;
  private final Live live;
  private final Clusters clusters;
  private final RequestWriter requestWriter = new RequestWriter();
  private final ResponseWriter responseWriter;
  private final RequestPath path;
  private final Filtering filtering;
  private final Plugs plugs;
  private final PickView pickView = new PickView();
  private final @Nullable RecordLane records;
  private final Meters meters = new Meters();
  private final LogOpener opener;
  private final Complaints complaints = new Complaints();
  private final Set<Connection> connections = new LinkedHashSet<>();
  private Generation adopted;
  private boolean draining;
  private boolean drainingInbound;
  private @Nullable Runnable inboundEmptied;
  private @Nullable Runnable emptied;

  /** Opens access logs. */
  @FunctionalInterface
  public interface LogOpener {
    /**
     * The lane of a log on a loop, or empty when there is to be none.
     *
     * @param path what the listener says; absent: the process's own setting decides
     */
    Optional<LogLane> open(Optional<String> path, LoopState loop);
  }

  /**
   * A lane; its maker calls {@link #poke} once on its loop.
   *
   * @param build see {@link ResponseWriter}
   * @param outfit plug-ins, and where their telemetry goes
   */
  public Lane(
      EventLoop executor,
      int index,
      Ports ports,
      Live live,
      ConcurrentMap<String, Usage> usages,
      LogOpener opener,
      String build,
      Outfit outfit) {
    this.loop = new LoopState(executor, index);
    this.ports = ports;
    this.live = live;
    this.clusters = new Clusters(loop, ports, usages, new Plugged(outfit.plugs().balancers(), outfit.here()));
    this.responseWriter = new ResponseWriter(loop.date(), build);
    this.path = new RequestPath(this);
    this.filtering = new Filtering(this);
    this.plugs = outfit.plugs();
    this.records = outfit.telemetry() == null ? null : outfit.telemetry().lane(loop);
    this.opener = opener;
    this.adopted = live.present();
    clusters.adopt(adopted.table().clusters());
  }

  public LoopState loop() {
    return loop;
  }

  /** The present generation; this loop's clusters are brought up to date with it first. */
  @SuppressWarnings("ReferenceEquality") // a generation is itself alone
  Generation generation() {
    Generation present = live.present();
    if (present != adopted) {
      adopt(present);
    }
    return present;
  }

  private void adopt(Generation present) {
    adopted = present;
    clusters.adopt(present.table().clusters());
  }

  /** Looks for a new generation though nobody asked, so that what it drops is let go of. */
  public void poke() {
    generation();
    clusters.look();
    new ArrayList<>(connections).forEach(Connection::check);
    loop.flush();
  }

  Clusters clusters() {
    return clusters;
  }

  RequestWriter requestWriter() {
    return requestWriter;
  }

  ResponseWriter responseWriter() {
    return responseWriter;
  }

  RequestPath path() {
    return path;
  }

  /** Asks plug-ins about requests and answers. */
  Filtering filtering() {
    return filtering;
  }

  Plugs plugs() {
    return plugs;
  }

  /** What balancers that are plug-ins are asked with. */
  PickView pickView() {
    return pickView;
  }

  /** Where finished requests are told; null: nowhere. */
  @Nullable RecordLane records() {
    return records;
  }

  Meters meters() {
    return meters;
  }

  Complaints complaints() {
    return complaints;
  }

  @Nullable LogLane log(Optional<String> file) {
    return logs.computeIfAbsent(file, each -> opener.open(each, loop)).orElse(null);
  }

  void opened(Connection connection) {
    connections.add(connection);
    meters.connections++;
    meters.connectionsActive++;
  }

  void left(Connection connection) {
    if (connections.remove(connection)) {
      meters.connectionsActive--;
      inboundLeft();
      if (connections.isEmpty() && emptied != null) {
        emptied.run();
      }
    }
  }

  private void inboundLeft() {
    Runnable told = inboundEmptied;
    if (told != null && connections.stream().noneMatch(Connection::isInbound)) {
      inboundEmptied = null;
      told.run();
    }
  }

  Ports ports() {
    return ports;
  }

  /** Whether a connection goes at its next boundary. */
  boolean draining(Connection connection) {
    return draining || (drainingInbound && connection.isInbound());
  }

  /**
   * Lets inbound connections go as they become idle; the others stay. Call on the loop.
   *
   * @param whenEmpty called when the last one has left
   */
  public void drainInbound(Runnable whenEmpty) {
    drainingInbound = true;
    inboundEmptied = whenEmpty;
    connections.stream().filter(Connection::isInbound).toList().forEach(Connection::boundary);
    loop.flush();
    inboundLeft();
  }

  /**
   * Lets connections go as they become idle. Call on the loop.
   *
   * @param heir whether a newer generation takes them
   * @param whenEmpty called when the last one has left
   */
  public void drain(boolean heir, Runnable whenEmpty) {
    draining = true;
    clusters.drain(heir);
    emptied = whenEmpty;
    new ArrayList<>(connections).forEach(Connection::boundary);
    loop.flush();
    if (connections.isEmpty()) {
      whenEmpty.run();
    }
  }

  /** Adds this loop's counters to others. Call on the loop. */
  public void addTo(Totals totals) {
    meters.addTo(totals);
    clusters.all().forEach(totals::add);
  }

  /** Closes what is left. Call on the loop. */
  public void close() {
    draining = true;
    new ArrayList<>(connections).forEach(Connection::abort);
    clusters.drain(false);
    logs.values().forEach(log -> log.ifPresent(LogLane::handOver));
    if (records != null) {
      records.handOver();
    }
    loop.close();
  }
}
