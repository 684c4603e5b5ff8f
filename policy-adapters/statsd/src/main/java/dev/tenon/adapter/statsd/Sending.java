package dev.tenon.adapter.statsd;

import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One handler: lines in datagrams. */
final class Sending implements ReportAdapter {
  private final InetSocketAddress address;
  private final Map<String, Metric> metrics;
  private final Map<String, String> tags;
  private final boolean tagged;
  private final int octets;
  private final double rate;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong unusable = new AtomicLong();

  /**
   * @param metrics by instance
   * @param tags of every line
   * @param tagged whether dimensions are tags
   * @param octets of a datagram, at most
   * @param rate which part of all reports is sent
   */
  Sending(
      InetSocketAddress address, Map<String, Metric> metrics, Map<String, String> tags, boolean tagged, int octets, double rate) {
    this.address = address;
    this.metrics = Map.copyOf(metrics);
    this.tags = Map.copyOf(tags);
    this.tagged = tagged;
    this.octets = octets;
    this.rate = rate;
  }

  @Override
  public void report(List<Instance> instances) throws IOException {
    InetSocketAddress to = address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
    if (to.isUnresolved()) {
      throw new IOException("nobody knows the address of " + address.getHostString());
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      StringBuilder datagram = new StringBuilder();
      for (Instance each : instances) {
        String line = line(each);
        if (line == null) {
          unusable.incrementAndGet();
        } else if (rate >= 1 || ThreadLocalRandom.current().nextDouble() < rate) {
          if (!datagram.isEmpty() && datagram.length() + 1 + line.length() > octets) {
            send(socket, to, datagram);
          }
          datagram.append(datagram.isEmpty() ? "" : "\n").append(line);
          sent.incrementAndGet();
        }
      }
      if (!datagram.isEmpty()) {
        send(socket, to, datagram);
      }
    }
  }

  private static void send(DatagramSocket socket, InetSocketAddress to, StringBuilder datagram) throws IOException {
    byte[] bytes = datagram.toString().getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
    datagram.setLength(0);
  }

  private @Nullable String line(Instance instance) {
    Metric metric = metrics.get(instance.name());
    Map<?, ?> dimensions = instance.values().get("dimensions") instanceof Map<?, ?> map ? map : Map.of();
    if (metric == null) {
      return null;
    }
    Object value = instance.values().get("value");
    String amount;
    String letter = metric.type().letter();
    switch (value) {
      case Duration time when metric.type() == Type.DISTRIBUTION -> amount = Double.toString(time.toNanos() / 1e6);
      case Long number -> {
        amount = number.toString();
        letter = metric.type() == Type.DISTRIBUTION ? Type.COUNTER.letter() : letter;
      }
      case Double number when metric.type() == Type.GAUGE && Double.isFinite(number) -> amount = number.toString();
      case null, default -> {
        return null;
      }
    }
    String sampled = rate >= 1 || metric.type() == Type.GAUGE ? "" : "|@" + rate;
    return metric.named(dimensions) + ":" + amount + "|" + letter + sampled + (tagged ? tags(metric, dimensions) : "");
  }

  private String tags(Metric metric, Map<?, ?> dimensions) {
    Map<String, String> all = new TreeMap<>(tags);
    all.putAll(metric.tags());
    dimensions.forEach((name, value) -> all.put(String.valueOf(name), Metric.clean(value)));
    StringBuilder text = new StringBuilder();
    all.forEach((name, value) -> text.append(text.isEmpty() ? "|#" : ",").append(Metric.clean(name)).append(':').append(Metric.clean(value)));
    return text.toString();
  }

  @Override
  public List<Family> figures() {
    return List.of(
        new Family(
            "statsd_adapter_lines_total",
            Kind.COUNTER,
            List.of(
                Sample.of(Map.of("what", "sent"), (double) sent.get()),
                Sample.of(Map.of("what", "unusable"), (double) unusable.get()))));
  }
}
