package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.tenon.proxy.DirectGuards;
import dev.tenon.proxy.plug.PlugSpec;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Rejection;
import dev.tenon.proxy.subscribe.Resource;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import dev.tenon.spi.traffic.Step;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where resources ask for plug-ins, and what installed ones say to it. */
class PlugReaderTest {
  private static final String ROUTER =
      " http_filters { name: 'r' typed_config { [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router] {} } }";
  private static final String POLICY =
      " http_filters { name: 'p' typed_config { [type.googleapis.com/dev.tenon.policy.v1.PolicyFilter] { namespaces: 'default' } } }";
  private static final String FAULT =
      " http_filters { name: 'f' typed_config { [type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault] {} } }";
  private static final String BALANCERS =
      "load_balancing_policy { policies { typed_extension_config { name: 'x' typed_config { %s } } } %s }";
  private static final String RANDOM =
      "policies { typed_extension_config { name: 'y' typed_config {"
          + " [type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random] {} } } }";

  private static String typed(String type, String fields) {
    return "[type.googleapis.com/xds.type.v3.TypedStruct] { type_url: 'type.googleapis.com/dev.tenon.traffic.v1." + type
        + "' value { " + fields + " } }";
  }

  private static String text(String name, String value) {
    return " fields { key: '" + name + "' value { string_value: '" + value + "' } }";
  }

  private static String filter(String name, String fields) {
    return " http_filters { name: 'dev.tenon.plug/default/" + name + "' typed_config { " + typed("RequestFilter", fields) + " } }";
  }

  private static Message listener(String filters) {
    return Protos.listener(
        "name: 'l' address { socket_address { address: '127.0.0.13' port_value: 15002 } } filter_chains { filters { name: 'h' typed_config {"
            + " [type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager] {"
            + " rds { route_config_name: 'http_proxy' config_source { ads {} } } " + filters + " } } } }");
  }

  private static PlacedFilters placed(String filters) {
    Compilation<ListenerSpec> result = ListenerCompiler.compile(listener(filters).toByteString());
    assertThat(result).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<ListenerSpec>) result).value().http().filters();
  }

  @Test
  void pluginsStandRoundPolicyInTheirOrder() {
    String fields =
        text("plugin", "tag") + text("origin", "a.yaml:3:5") + text("on_failure", "OPEN")
            + " fields { key: 'config' value { struct_value { fields { key: 'depth' value { number_value: 2 } } } } }";
    PlacedFilters placed =
        placed(filter("a", fields) + filter("b", text("plugin", "who")) + POLICY + filter("c", text("plugin", "tag")) + FAULT + ROUTER);
    assertThat(placed.beforePolicy()).extracting(FilterSpec::name).containsExactly("default/a", "default/b");
    assertThat(placed.afterPolicy()).extracting(FilterSpec::name).containsExactly("default/c");
    FilterSpec first = placed.beforePolicy().getFirst();
    assertThat(first.failOpen()).isTrue();
    assertThat(first.plug().config().at()).isEqualTo(new Position("a.yaml", 3, 5));
    assertThat(Fields.of(first.plug().config()).whole("depth", 0, 9)).contains(2L);
    assertThat(placed.beforePolicy().get(1).failOpen()).as("what is not said is closed").isFalse();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "plugin=  | value.plugin: is required",
    "plugin=tag,on_failure=AJAR | \"AJAR\" is none of CLOSED, OPEN",
    "plugin=tag,url=x | value.url: is not carried out",
  })
  void whatIsNotUnderstoodIsRefused(String fields, String reason) {
    StringBuilder written = new StringBuilder();
    for (String field : fields.split(",")) {
      String[] parts = field.split("=", 2);
      written.append(text(parts[0], parts[1].strip()));
    }
    Compilation<ListenerSpec> result = ListenerCompiler.compile(listener(filter("a", written.toString()) + ROUTER).toByteString());
    assertThat(result).isInstanceOfSatisfying(Compilation.Rejected.class, no -> assertThat(no.path() + ": " + no.reason()).contains(reason));
  }

  @Test
  void aPluginBehindFaultsIsRefused() {
    Compilation<ListenerSpec> result =
        ListenerCompiler.compile(listener(FAULT + filter("a", text("plugin", "tag")) + ROUTER).toByteString());
    assertThat(result).isInstanceOfSatisfying(Compilation.Rejected.class, no -> assertThat(no.reason()).contains("plug-ins before fault"));
  }

  @Test
  void aClustersFirstKnownPolicyIsTaken() {
    ClusterSpec spec = cluster(BALANCERS.formatted(typed("Balancer", text("plugin", "sticky")), RANDOM));
    assertThat(spec.plug().map(PlugSpec::plugin)).contains("sticky");
    assertThat(spec.balancing()).isEqualTo(ClusterSpec.LoadBalancing.RANDOM);
    Compilation<ClusterDraft> none =
        ClusterCompiler.compile(
            Protos.cluster("name: 'c' type: STATIC " + BALANCERS.formatted(typed("Balancer", text("plugin", "sticky")), "")).toByteString());
    assertThat(none).isInstanceOfSatisfying(Compilation.Rejected.class, no -> assertThat(no.path()).isEqualTo("load_balancing_policy.policies"));
  }

  private static ClusterSpec cluster(String policy) {
    Compilation<ClusterDraft> result = ClusterCompiler.compile(Protos.cluster("name: 'c' type: STATIC " + policy).toByteString());
    assertThat(result).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<ClusterDraft>) result).value().spec();
  }

  @Test
  void aConfigurationThatAnInstalledPluginRefusesIsARejectionUntilAnotherTakesIt() {
    Plugs plugs = Plugs.of(DirectGuards::new, Limits.DEFAULT, () -> CompletableFuture.completedStage(null));
    Assembly assembly = new Assembly(() -> Instant.EPOCH, plugs);
    plugs.filters().present(List.of(new Offer<>("jar", "1", new Strict("header"))));
    Resource resource =
        new Resource("l", "1", listener(filter("a", text("plugin", "strict") + text("origin", "a.yaml:3:5")) + ROUTER).toByteString());
    assertThat(assembly.receive(Kind.LISTENERS, List.of(resource), List.of()))
        .singleElement()
        .extracting(Rejection::toString)
        .asString()
        .contains("http_filters: the request filter strict refuses its configuration", "a.yaml:3:5", "config.header: is required");
    plugs.filters().present(List.of(new Offer<>("jar", "2", new Strict(""))));
    assertThat(assembly.plugsChanged()).isEmpty();
    assertThat(assembly.versions(Kind.LISTENERS)).containsEntry("l", "1");
  }

  private record Strict(String field) implements RequestFilterFactory, RequestFilter {
    @Override
    public String name() {
      return "strict";
    }

    @Override
    public RequestFilter build(Fields config) {
      if (!field.isEmpty()) {
        config.text(field);
      }
      return this;
    }

    @Override
    public Step onRequest(dev.tenon.spi.traffic.RequestHead request) {
      return Step.CONTINUE;
    }
  }
}
