package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.ClusterSpec.LoadBalancing;
import dev.tenon.proxy.loop.Chance;

/** Whose turn it is among at least one endpoint. */
interface Balancer {
  Host next();

  static Balancer of(LoadBalancing kind, Host[] hosts, Chance chance) {
    return switch (kind) {
      case ROUND_ROBIN -> alike(hosts) ? new InTurn(hosts, chance) : new InWeightedTurn(hosts, chance);
      case RANDOM -> new AtRandom(hosts, chance);
      case LEAST_REQUEST -> new BetterOfTwo(new AtRandom(hosts, chance));
    };
  }

  private static boolean alike(Host[] hosts) {
    for (Host host : hosts) {
      if (host.spec().weight() != hosts[0].spec().weight()) {
        return false;
      }
    }
    return true;
  }

  /** One after the other, each loop beginning somewhere else. */
  final class InTurn implements Balancer {
    private final Host[] hosts;
    private int at;

    InTurn(Host[] hosts, Chance chance) {
      this.hosts = hosts;
      this.at = hosts.length == 0 ? 0 : (int) chance.below(hosts.length);
    }

    @Override
    public Host next() {
      Host host = hosts[at];
      at = at + 1 == hosts.length ? 0 : at + 1;
      return host;
    }
  }

  /** One after the other by weight, the heavy ones spread evenly among the light ones. */
  final class InWeightedTurn implements Balancer {
    private final Host[] hosts;
    private long total;

    InWeightedTurn(Host[] hosts, Chance chance) {
      this.hosts = hosts;
      for (Host host : hosts) {
        total += host.spec().weight();
      }
      for (Host host : hosts) {
        host.turn = chance.below(total);
      }
    }

    @Override
    public Host next() {
      Host best = hosts[0];
      for (Host host : hosts) {
        host.turn += host.spec().weight();
        if (host.turn > best.turn) {
          best = host;
        }
      }
      best.turn -= total;
      return best;
    }
  }

  /** Any, by weight. */
  final class AtRandom implements Balancer {
    private final Host[] hosts;
    private final long[] upTo;
    private final Chance chance;

    AtRandom(Host[] hosts, Chance chance) {
      this.hosts = hosts;
      this.chance = chance;
      this.upTo = new long[hosts.length];
      long sum = 0;
      for (int i = 0; i < hosts.length; i++) {
        sum += hosts[i].spec().weight();
        upTo[i] = sum;
      }
    }

    @Override
    public Host next() {
      long place = chance.below(upTo[upTo.length - 1]);
      int low = 0;
      int high = hosts.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (place < upTo[middle]) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return hosts[low];
    }
  }

  /** Of two picked at random the one with less to do for its weight. */
  record BetterOfTwo(AtRandom any) implements Balancer {
    @Override
    public Host next() {
      Host one = any.next();
      Host other = any.next();
      return (long) other.active() * one.spec().weight() < (long) one.active() * other.spec().weight() ? other : one;
    }
  }
}
