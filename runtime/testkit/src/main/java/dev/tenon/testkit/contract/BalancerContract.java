package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.model.Locality;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.Host;
import dev.tenon.spi.traffic.HostSet;
import dev.tenon.spi.traffic.PickRequest;
import dev.tenon.spi.traffic.Picker;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a balancer promises. */
public abstract class BalancerContract extends PluginContract<BalancerFactory> {
  /** For the plug point of balancers. */
  protected BalancerContract() {
    super(BalancerFactory.class);
  }

  /** A new factory. */
  protected abstract BalancerFactory factory();

  /** Configuration in YAML, a field a line; empty when it needs none. */
  protected abstract String config();

  private Balancer balancer() {
    return factory().build(fields(config()));
  }

  private static HostSet hosts(int count) {
    return new HostSet(
        "outbound|80||reviews.default.svc.cluster.local",
        new Locality("here", "zone-1", ""),
        IntStream.range(0, count)
            .mapToObj(i -> new Host("127.9.0." + (i + 1), 8080, 1 + i % 3, new Locality("here", "zone-" + i % 2, ""), Map.of("version", "v" + i % 2)))
            .toList());
  }

  @Test
  void hasANameAndReadsAllOfItsConfigurationAndNoMore() {
    assertThat(factory().name()).matches("[a-z0-9.-]+");
    assertReadsAll(config(), config -> factory().build(config).close());
  }

  @Test
  void picksHostsThatAreThere() {
    try (Balancer balancer = balancer()) {
      for (int count : new int[] {1, 2, 3, 7, 100}) {
        Picker picker = balancer.picker(hosts(count));
        for (int i = 0; i < 500; i++) {
          int pick = picker.pick(new Request("/" + i, i % 3, count));
          assertThat(pick).as("a pick among %s hosts", count).isBetween(Picker.NONE, count - 1);
          assertThat(count == 1 && i % 3 == 0 && pick == Picker.NONE).as("the only host of all is refused").isFalse();
        }
      }
    }
  }

  @Test
  void pickersOfSeveralLoopsKnowNothingOfEachOther() {
    try (Balancer balancer = balancer()) {
      Crowd.eightAtOnce(
          () -> {
            Picker few = balancer.picker(hosts(2));
            Picker many = balancer.picker(hosts(9));
            for (int i = 0; i < 1_000; i++) {
              assertThat(few.pick(new Request("/" + i, 0, 2))).isBetween(Picker.NONE, 1);
              assertThat(many.pick(new Request("/" + i, 0, 9))).isBetween(Picker.NONE, 8);
            }
          });
    }
  }

  @Test
  void onlyComputes() {
    try (Balancer balancer = balancer()) {
      Picker picker = balancer.picker(hosts(100));
      int[] i = {0};
      Crowd.assertOnlyComputes(() -> picker.pick(new Request("/" + i[0]++, 0, 100)));
    }
  }

  /** A request tried before with the first hosts. */
  private record Request(String path, int attempt, int hosts) implements PickRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String authority() {
      return "reviews";
    }

    @Override
    public @Nullable String header(String name) {
      return name.equals("x-user") ? "user" + path : null;
    }

    @Override
    public InetSocketAddress peer() {
      return InetSocketAddress.createUnresolved("127.9.9.9", 40_000);
    }

    @Override
    public @Nullable String note(String name) {
      return null;
    }

    @Override
    public boolean tried(int host) {
      return bounded(host) < attempt;
    }

    @Override
    public int active(int host) {
      return bounded(host) % 5;
    }

    private int bounded(int host) {
      if (host < 0 || host >= hosts) {
        throw new IndexOutOfBoundsException("asks about host " + host + " of " + hosts);
      }
      return host;
    }
  }
}
