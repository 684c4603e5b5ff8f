package dev.tenon.mixer;

import dev.tenon.mixer.share.Shared;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.trust.HostCredential;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How handlers are asked that proxies share: {@code mixer.shared}.
 *
 * @param addresses of the policy service's replicas; empty: all run here
 * @param journal where what is spent and granted is written down; absent: nowhere
 * @param credential of the section {@code mesh}: what the host proves itself with; absent: the service is on this machine
 */
record ShareSettings(
    List<InetSocketAddress> addresses,
    Optional<HostCredential> credential,
    Shared.Terms terms,
    Set<String> shared,
    Set<String> here,
    Optional<Path> journal) {
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Reads them; the service is where the control plane is unless they say otherwise. */
  static ShareSettings read(Fields mixer, Fields mesh) {
    Optional<Fields> section = mixer.mapping("shared");
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String each : section.map(fields -> fields.texts("addresses")).orElse(List.of())) {
      address(each).ifPresentOrElse(addresses::add, () -> section.orElseThrow().error("addresses", "\"" + each + "\" is no host:port"));
    }
    if (addresses.isEmpty()) {
      mesh.optionalText("controlPlane").flatMap(ShareSettings::address).ifPresent(addresses::add);
    }
    Duration deadline = section.flatMap(fields -> fields.duration("deadline")).orElse(DEADLINE);
    if (deadline.toMillis() < 20 || deadline.compareTo(LONGEST) > 0) {
      section.orElseThrow().error("deadline", "should be from 20ms to 10s");
    }
    Shared.Terms terms =
        new Shared.Terms(
            deadline,
            section.map(fields -> fields.truth("prefetch", true)).orElse(true),
            section.map(fields -> fields.truth("spendEarly", false)).orElse(false));
    return new ShareSettings(
        List.copyOf(addresses),
        mesh.optionalText("credential").map(text -> new HostCredential(Path.of(text).toAbsolutePath().normalize())),
        terms,
        new HashSet<>(section.map(fields -> fields.texts("adapters")).orElse(List.of())),
        new HashSet<>(section.map(fields -> fields.texts("inProcess")).orElse(List.of())),
        section.flatMap(fields -> fields.optionalText("journal")).map(text -> Path.of(text).toAbsolutePath().normalize()));
  }

  private static Optional<InetSocketAddress> address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return colon < 1 || port < 1 || port > 65535
          ? Optional.empty()
          : Optional.of(InetSocketAddress.createUnresolved(text.substring(0, colon).replaceAll("^\\[|]$", ""), port));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
