package dev.tenon.proxy;

import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.proxy.report.Telemetry;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.trust.HostCredential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code proxy}.
 *
 * @param admin where the pages about itself are; absent: nowhere
 * @param accessLog path, {@code -} for the process's output, empty for none; absent: the usual file
 * @param buildHeader whether every answer carries {@code x-tenon-build}
 * @param telemetry sinks that are told of finished requests
 * @param plugLimits what stands round plug-ins of the request path
 * @param controlPlane of the section {@code mesh}; absent: static configuration alone
 * @param credential of the section {@code mesh}: what the host proves itself with; absent: the control plane is on this machine
 */
record Settings(
    Optional<InetSocketAddress> admin,
    Optional<String> accessLog,
    boolean buildHeader,
    List<Telemetry.Wanted> telemetry,
    Limits plugLimits,
    Optional<InetSocketAddress> controlPlane,
    Optional<HostCredential> credential) {
  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
  private static final int USUAL_BATCHES = 32;


  /**
   * Reads the sections. {@code others} were read by somebody else and their findings are reported here.
   *
   * @throws BadConfig with everything that is wrong
   */
  static Settings read(Fields proxy, Fields mesh, Fields workload) {
    Optional<InetSocketAddress> admin = proxy.mapping("admin").flatMap(Settings::admin);
    Optional<String> accessLog = proxy.mapping("accessLog").flatMap(each -> each.optionalText("path"));
    boolean buildHeader = proxy.truth("buildHeader", false);
    proxy.whole("httpProxyPort", 0, 65535);
    outbound(proxy);
    List<Telemetry.Wanted> telemetry = proxy.mappings("telemetry").stream().map(Settings::sink).toList();
    Limits plugLimits = proxy.mapping("plugins").map(Limits::read).orElse(Limits.DEFAULT);
    Optional<InetSocketAddress> controlPlane =
        mesh.optionalText("controlPlane").flatMap(text -> controlPlane(text, mesh));
    Optional<HostCredential> credential =
        mesh.optionalText("credential").map(text -> new HostCredential(Path.of(text).toAbsolutePath().normalize()));
    List<Finding> findings = new ArrayList<>(proxy.close());
    findings.addAll(mesh.findings());
    findings.addAll(workload.findings());
    if (findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      throw new BadConfig(findings);
    }
    return new Settings(admin, accessLog, buildHeader, telemetry, plugLimits, controlPlane, credential);
  }

  private static Telemetry.Wanted sink(Fields sink) {
    String name = sink.text("sink");
    Node.Mapping config = Node.Mapping.empty(sink.at());
    if (sink.node("config").orElse(null) instanceof Node.Mapping given) {
      config = given;
    } else {
      // Says so when it is something else.
      sink.mapping("config");
    }
    Duration interval = sink.duration("interval").orElse(USUAL_INTERVAL);
    if (interval.compareTo(LEAST_INTERVAL) < 0) {
      sink.error("interval", "is shorter than 1s");
    }
    int batches = sink.whole("queue", 1, 1024).map(Long::intValue).orElse(USUAL_BATCHES);
    return new Telemetry.Wanted(new PlugSpec(name, config), interval, batches);
  }

  /** Where the application's outbound proxy listens: whoever reaches it can call the whole mesh as this workload. */
  private static void outbound(Fields proxy) {
    boolean anywhere = proxy.truth("outboundAnywhere", false);
    String text = proxy.text("outbound", "127.0.0.1");
    Optional<InetAddress> address = Names.ipAddress(text);
    if (address.isEmpty()) {
      proxy.error("outbound", "\"" + text + "\" is no IP address; write it like 127.0.0.1");
    } else if (!anywhere && !address.get().isLoopbackAddress()) {
      proxy.error("outbound", text + " is not a loopback address; anybody there could call the mesh as this workload. "
          + "Set outboundAnywhere: true if that is meant");
    }
  }

  private static Optional<InetSocketAddress> admin(Fields admin) {
    boolean anywhere = admin.truth("anywhere", false);
    String text = admin.text("address");
    InetSocketAddress address = numeric(text);
    if (address == null) {
      admin.error("address", "\"" + text + "\" is no address:port; write it like 127.0.0.1:15000");
      return Optional.empty();
    }
    if (!anywhere && !address.getAddress().isLoopbackAddress()) {
      admin.error("address", text + " is not a loopback address; anybody there could read the configuration. Set anywhere: true if that is meant");
      return Optional.empty();
    }
    return Optional.of(address);
  }

  private static Optional<InetSocketAddress> controlPlane(String text, Fields mesh) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    int port = port(text.substring(colon + 1));
    if (host.isEmpty() || port < 0) {
      mesh.error("controlPlane", "\"" + text + "\" is no host:port; write it like 127.0.0.1:15010");
      return Optional.empty();
    }
    return Optional.of(InetSocketAddress.createUnresolved(bare(host), port));
  }

  private static @Nullable InetSocketAddress numeric(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : bare(text.substring(0, colon));
    int port = port(text.substring(colon + 1));
    try {
      // Only text that cannot be a name is given to the resolver.
      return port < 0 || !host.matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
          ? null
          : new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String text) {
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535 ? Integer.parseInt(text) : -1;
  }
}
