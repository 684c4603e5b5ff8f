package dev.tenon.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an adapter that takes reports promises. What arrives where it tells things is an author's own test. */
public abstract class ReportAdapterContract extends PluginContract<AdapterFactory> {
  /** For the plug point of adapters. */
  protected ReportAdapterContract() {
    super(AdapterFactory.class);
  }

  /** A new factory. */
  protected abstract AdapterFactory factory();

  /** Parameters of a handler, in YAML, a field a line. */
  protected abstract String params();

  /** The template of what is reported. */
  protected abstract Template template();

  /** The template's values in a report. */
  protected abstract Map<String, Object> values();

  /** {@code name.instance.namespace} of what is reported. */
  protected String instanceName() {
    return "it.instance.default";
  }

  /** A handler of a name, made of {@link #params}. */
  protected final ReportAdapter adapter(AdapterFactory factory) {
    Adapter adapter = factory.build("it.default", fields(params()));
    assertThat(adapter).as("what a factory builds that takes a template of reports").isInstanceOf(ReportAdapter.class);
    return (ReportAdapter) adapter;
  }

  /** So many reports. */
  protected final List<Instance> batch(int count) {
    return IntStream.range(0, count)
        .mapToObj(each -> new Instance(instanceName(), template(), values(), GivenRequest.of(Map.of())))
        .toList();
  }

  @Test
  void hasANameTakesTheTemplateAndReadsAllItsParameters() {
    assertThat(factory().name()).matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?");
    assertThat(factory().templates()).contains(template());
    assertReadsAll(params(), params -> factory().build("", params).close());
  }

  @Test
  void takesReportsInBatchesOfEverySize() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(batch(1));
      adapter.report(batch(500));
    }
  }

  @Test
  void isClosedWithoutHavingBeenUsedAndMoreThanOneIsBuilt() throws Exception {
    AdapterFactory factory = factory();
    try (ReportAdapter adapter = adapter(factory)) {
      factory.build("other.default", fields(params())).close();
      adapter.report(batch(3));
    }
  }
}
