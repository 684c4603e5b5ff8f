package dev.tenon.samples.stickyhash;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.Host;
import dev.tenon.spi.traffic.HostSet;
import dev.tenon.spi.traffic.Picker;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends requests with one value of a header to one host, as long as that is there: rendezvous hashing,
 * so that a host which comes or goes moves its own share alone. Requests without the header go
 * anywhere. Configuration: {@code header}, its name.
 */
public final class StickyHash implements BalancerFactory {
  /** What the annotation {@code traffic.tenon.dev/balancer} names. */
  @Override
  public String name() {
    return "stickyhash";
  }

  /** Reads the configuration; what is missing or wrong is told to the operator with its place. */
  @Override
  public Balancer build(Fields config) {
    String header = config.text("header").toLowerCase(Locale.ROOT);
    return hosts -> picker(header, hosts);
  }

  /** Called for each event loop, and again when hosts come or go: what can be computed once is. */
  private static Picker picker(String header, HostSet set) {
    List<Host> hosts = set.hosts();
    long[] seeds = new long[hosts.size()];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = mixed(hosts.get(i).address().hashCode() * 65_537L + hosts.get(i).port());
    }
    return request -> {
      String value = request.header(header);
      long key = value == null ? ThreadLocalRandom.current().nextLong() : mixed(value.hashCode());
      int best = Picker.NONE;
      double most = -1;
      for (int i = 0; i < seeds.length; i++) {
        // The larger the weight, the nearer to 1 the share that is drawn (Efraimidis and Spirakis).
        double drawn = Math.pow(share(mixed(key ^ seeds[i])), 1.0 / hosts.get(i).weight());
        // A host that was tried in vain comes last.
        double rank = request.tried(i) ? drawn - 1 : drawn;
        if (best == Picker.NONE || rank > most) {
          best = i;
          most = rank;
        }
      }
      return best;
    };
  }

  private static double share(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** Spreads bits (the finalizer of SplitMix64). */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
