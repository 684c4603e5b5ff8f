package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.model.Workload;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an adapter that makes attributes promises. */
public abstract class AttributeGeneratorContract extends PluginContract<AdapterFactory> {
  private static final Set<String> TEXTS =
      Set.of("pod_uid", "pod_name", "namespace", "owner", "service_account_name", "workload_uid", "workload_name", "workload_namespace");
  private static final InetAddress NOBODY = InetAddress.ofLiteral("203.0.113.9");

  /** For the plug point of adapters. */
  protected AttributeGeneratorContract() {
    super(AdapterFactory.class);
  }

  /** A new factory. */
  protected abstract AdapterFactory factory();

  /** Parameters of a handler, in YAML, a field a line; none unless said otherwise. */
  protected String params() {
    return "";
  }

  /** Somebody of whom the adapter has something to say when the caller's or the called side's address is theirs. */
  protected abstract Workload known();

  private AttributeGenerator adapter() {
    Adapter adapter = factory().build(fields(params()));
    assertThat(adapter).as("what a factory builds that takes the template kubernetes").isInstanceOf(AttributeGenerator.class);
    return (AttributeGenerator) adapter;
  }

  private Map<String, Object> said(AttributeGenerator adapter, InetAddress source, InetAddress destination) {
    GivenRequest request = GivenRequest.of(Map.of(), Map.of(address(), known()));
    Map<String, Object> values = Map.of("source_ip", source, "destination_ip", destination, "source_uid", "", "destination_port", 80L);
    Map<String, Object> outputs = adapter.generate(new Instance("who.instance.default", Template.KUBERNETES, values, request));
    request.end();
    assertThat(outputs).as("outputs; null counts as a failure").isNotNull();
    return outputs;
  }

  private InetAddress address() {
    return InetAddress.ofLiteral(known().address());
  }

  @Test
  void hasANameTakesTheTemplateAndOnlyComputes() {
    assertThat(factory().name()).matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
    assertThat(factory().templates()).containsExactly(Template.KUBERNETES);
    assertThat(factory().nonBlocking()).as("asked on the event loop, when the first of its attributes is read").isTrue();
    try (AttributeGenerator adapter = adapter()) {
      Crowd.assertOnlyComputes(() -> said(adapter, address(), NOBODY));
    }
  }

  @Test
  void readsAllItsParametersAndNoOthers() {
    assertReadsAll(params(), params -> factory().build(params).close());
  }

  @Test
  void saysWhatTheTemplateKnowsInItsTypes() {
    try (AttributeGenerator adapter = adapter()) {
      Map<String, Object> outputs = said(adapter, address(), address());
      assertThat(outputs).isNotEmpty();
      assertThat(outputs.keySet()).isSubsetOf(names());
      outputs.forEach((name, value) -> assertThat(value).as(name).isInstanceOf(type(name)));
    }
  }

  @Test
  void eachSideIsSpokenOfByItsOwnAddress() {
    try (AttributeGenerator adapter = adapter()) {
      assertThat(said(adapter, address(), NOBODY).keySet()).allMatch(each -> each.startsWith("source_"));
      assertThat(said(adapter, NOBODY, address()).keySet()).allMatch(each -> each.startsWith("destination_"));
      assertThat(said(adapter, NOBODY, NOBODY)).as("of strangers").isEmpty();
    }
  }

  @Test
  void speaksToManyRequestsAtOnce() {
    try (AttributeGenerator adapter = adapter()) {
      Map<String, Object> alone = said(adapter, address(), NOBODY);
      Crowd.eightAtOnce(
          () -> {
            for (int i = 0; i < 200; i++) {
              assertThat(said(adapter, address(), NOBODY)).isEqualTo(alone);
            }
          });
    }
  }

  private static Set<String> names() {
    return Stream.concat(
            Stream.of("destination_container_name"),
            Stream.concat(TEXTS.stream(), Stream.of("pod_ip", "host_ip", "labels")).flatMap(each -> Stream.of("source_" + each, "destination_" + each)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Class<?> type(String name) {
    return name.endsWith("_ip") ? InetAddress.class : name.endsWith("_labels") ? Map.class : String.class;
  }
}
