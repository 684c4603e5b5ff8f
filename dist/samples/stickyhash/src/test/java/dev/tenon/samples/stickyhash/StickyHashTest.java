package dev.tenon.samples.stickyhash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.model.Locality;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.Host;
import dev.tenon.spi.traffic.HostSet;
import dev.tenon.spi.traffic.PickRequest;
import dev.tenon.spi.traffic.Picker;
import dev.tenon.testkit.contract.BalancerContract;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StickyHashTest extends BalancerContract {
  private static final int USERS = 4_000;

  @Override
  protected String plugin() {
    return "stickyhash";
  }

  @Override
  protected BalancerFactory factory() {
    return new StickyHash();
  }

  @Override
  protected String config() {
    return "header: x-user";
  }

  private static List<Host> hosts(int... weights) {
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      hosts.add(new Host("127.9.0." + (i + 1), 80, weights[i], Locality.NONE, Map.of()));
    }
    return hosts;
  }

  private Picker picker(List<Host> hosts) {
    Balancer balancer = factory().build(fields(config()));
    return balancer.picker(new HostSet("c", Locality.NONE, hosts));
  }

  @Test
  void aUserStaysWhereItIsWhenOtherHostsComeAndGo() {
    List<Host> all = hosts(1, 1, 1, 1);
    Picker before = picker(all);
    Picker after = picker(all.subList(0, 3));
    int moved = 0;
    for (int i = 0; i < USERS; i++) {
      int then = before.pick(new Asked("user" + i, -1));
      assertThat(before.pick(new Asked("user" + i, -1))).isEqualTo(then);
      int now = after.pick(new Asked("user" + i, -1));
      if (then < 3) {
        assertThat(now).isEqualTo(then);
      } else {
        moved++;
      }
    }
    assertThat(moved).isBetween(USERS / 5, USERS * 3 / 10);
  }

  @Test
  void sharesAreByWeightAndAHostTriedInVainIsLeftOut() {
    Picker picker = picker(hosts(1, 3));
    int heavy = 0;
    for (int i = 0; i < USERS; i++) {
      int pick = picker.pick(new Asked("user" + i, -1));
      heavy += pick;
      assertThat(picker.pick(new Asked("user" + i, pick))).isNotEqualTo(pick);
    }
    assertThat(heavy).isBetween(USERS * 70 / 100, USERS * 80 / 100);
  }

  private record Asked(String user, int triedHost) implements PickRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String authority() {
      return "reviews";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public @Nullable String header(String name) {
      return name.equals("x-user") ? user : null;
    }

    @Override
    public @Nullable InetSocketAddress peer() {
      return null;
    }

    @Override
    public @Nullable String note(String name) {
      return null;
    }

    @Override
    public int attempt() {
      return triedHost < 0 ? 0 : 1;
    }

    @Override
    public boolean tried(int host) {
      return host == triedHost;
    }

    @Override
    public int active(int host) {
      return 0;
    }
  }
}
