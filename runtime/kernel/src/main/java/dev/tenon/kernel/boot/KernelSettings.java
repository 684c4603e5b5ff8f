package dev.tenon.kernel.boot;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The sections that the kernel itself reads: {@code profile}, {@code run}, {@code modules}, {@code
 * kernel}.
 *
 * @param profile its name
 * @param run the process's directory
 * @param modules names of those that it needs, in the order of start
 * @param plugins the drop folder
 * @param startPlugins when the distribution's plug-ins start: {@code atOnce} (default) or {@code whenAsked}
 * @param loops how many event loops, 1 to 256
 * @param grpc where the mesh's gRPC server listens without TLS, if anywhere: loopback alone
 * @param secure where it listens with TLS, if anywhere
 * @param start how long a module may take to start
 * @param ready how long a new generation may take to become ready before the swap is undone
 * @param warm how long a new generation may warm itself before the switch; zero: not at all
 * @param drain how long an old generation, or the whole process at its end, may take to finish
 * @param close how long an old generation may take to close
 * @param unload how long the class loader of a closed module may take to be collected before it is looked for what holds it
 * @param trust whose jars may run
 * @param admin who may administer, and with how large jars
 * @param log levels by logger name; {@code root} for all
 */
record KernelSettings(
    String profile,
    Path run,
    List<String> modules,
    Path plugins,
    StartPlugins startPlugins,
    int loops,
    Optional<InetSocketAddress> grpc,
    Optional<InetSocketAddress> secure,
    Duration start,
    Duration ready,
    Duration warm,
    Duration drain,
    Duration close,
    Duration unload,
    TrustSection trust,
    AdminSection admin,
    Map<String, String> log) {
  private static final List<String> SECTIONS = List.of("profile", "run", "modules", "kernel");

  /**
   * Reads the kernel's sections.
   *
   * @throws BadConfig with all that is wrong in them
   */
  static KernelSettings read(Node.Mapping settings, String profileGiven) {
    SequencedMap<String, Node> own = new LinkedHashMap<>(settings.entries());
    own.keySet().retainAll(SECTIONS);
    Fields root = Fields.of(new Node.Mapping(own, settings.at()));
    String profile = root.text("profile", profileGiven);
    Optional<Fields> runFields = root.mapping("run");
    Path run = runFields.flatMap(each -> each.optionalText("directory")).map(Path::of)
        .orElse(Path.of("run", profile)).toAbsolutePath().normalize();
    List<String> modules = root.texts("modules").stream().distinct().toList();
    Fields kernel = root.mapping("kernel").orElseGet(() -> Fields.of(Node.Mapping.empty(settings.at())));
    Optional<Fields> grpc = kernel.mapping("grpc");
    KernelSettings read = new KernelSettings(
        profile,
        run,
        modules,
        kernel.optionalText("plugins").map(Path::of).orElse(run.resolve("plugins")).toAbsolutePath().normalize(),
        startPlugins(kernel),
        kernel.whole("loops", 1, 256).orElse((long) Runtime.getRuntime().availableProcessors()).intValue(),
        grpc.filter(each -> each.has("address") || !each.has("secure")).flatMap(KernelSettings::plain),
        grpc.filter(each -> each.has("secure")).flatMap(each -> address(each, "secure")),
        kernel.duration("startDeadline").orElse(Duration.ofSeconds(30)),
        kernel.duration("readyDeadline").orElse(Duration.ofSeconds(30)),
        kernel.duration("warmDeadline").orElse(Duration.ofSeconds(5)),
        kernel.duration("drainDeadline").orElse(Duration.ofSeconds(5)),
        kernel.duration("closeDeadline").orElse(Duration.ofSeconds(5)),
        kernel.duration("unloadDeadline").filter(each -> !each.isZero()).orElse(Duration.ofSeconds(30)),
        TrustSection.read(kernel),
        AdminSection.read(kernel),
        levels(kernel));
    root.finish();
    return read;
  }

  private static StartPlugins startPlugins(Fields kernel) {
    String when = kernel.text("startPlugins", "atOnce");
    if (when.equals("whenAsked")) {
      return StartPlugins.WHEN_ASKED;
    }
    if (!when.equals("atOnce")) {
      kernel.error("startPlugins", "\"" + when + "\" is neither atOnce nor whenAsked");
    }
    return StartPlugins.AT_ONCE;
  }

  private static Map<String, String> levels(Fields kernel) {
    Map<String, String> levels = kernel.textMap("log");
    levels.forEach((name, level) -> {
      if (!List.of("trace", "debug", "info", "warn", "error", "off").contains(level)) {
        kernel.error("log", "\"" + level + "\" for " + name + " is none of trace, debug, info, warn, error, off");
      }
    });
    return levels;
  }

  /** Nothing leaves the machine unencrypted, and nobody gets in from outside who does not prove who he is. */
  private static Optional<InetSocketAddress> plain(Fields grpc) {
    Optional<InetSocketAddress> address = address(grpc, "address");
    if (address.filter(each -> !each.getAddress().isLoopbackAddress()).isPresent()) {
      grpc.error("address", "\"" + grpc.text("address") + "\" is beyond loopback, where nothing is served without TLS;"
          + " write it as kernel.grpc.secure, and let hosts join with 'tenon vm join'");
      return Optional.empty();
    }
    return address;
  }

  static Optional<InetSocketAddress> address(Fields fields, String name) {
    String text = fields.text(name);
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(0, colon)).replaceFirst("^\\[(.*)]$", "$1");
      int port = Integer.parseInt(text.substring(colon + 1));
      return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(host.equals("localhost") ? "127.0.0.1" : host), port));
    } catch (IllegalArgumentException e) {
      if (fields.has(name)) {
        fields.error(name, "\"" + text + "\" should be an IP address and a port, like 127.0.0.1:15010");
      }
      return Optional.empty();
    }
  }
}
