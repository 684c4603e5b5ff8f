package dev.tenon.adapter.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.PolicyAdapterContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server of gRPC in this JVM; {@link PythonAdapterTest} asks another language. */
class RemoteTest extends PolicyAdapterContract {
  private OtherProcess process;

  @BeforeEach
  void start() throws IOException {
    process = new OtherProcess();
  }

  @AfterEach
  void stop() {
    process.close();
  }

  @Override
  protected String plugin() {
    return "tenon-adapter-remote";
  }

  @Override
  protected AdapterFactory factory() {
    return new Remote();
  }

  @Override
  protected String params() {
    return "address: 127.0.0.1:" + process.port() + "\ndeadline: 5s\nconfig: {list: [a, 1, true], none: null}";
  }

  @Override
  protected Template template() {
    return Template.LISTENTRY;
  }

  @Override
  protected Map<String, Object> allowedValues() {
    return Map.of("value", "john");
  }

  @Override
  protected Map<String, Object> deniedValues() {
    return Map.of("value", "mary");
  }

  private static Instance question(String who) {
    return new Instance("who.instance.default", Template.LISTENTRY, Map.of("value", who), GivenRequest.of(Map.of()));
  }

  @Test
  void aVerdictHasTheAdaptersCodeItsWordsOnOneLineAndItsValidity() {
    try (Adapter adapter = factory().build("it.default", fields(params()))) {
      assertThat(adapter.check(question("mary")))
          .isEqualTo(new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, "not you, mary", Verdict.Validity.ONCE));
      assertThat(adapter.check(question("john")))
          .isEqualTo(new Verdict.Allow(new Verdict.Validity(java.time.Duration.ofSeconds(5), 10)));
      assertThat(adapter.figures().toString()).contains("call=check").contains("outcome=answered").contains("value=2.0");
    }
    assertThat(process.opened).as("one session for one handler").hasValue(1);
    assertThat(process.closed).hasValue(1);
  }

  @Test
  void anAdapterThatWasStartedAnewIsAskedInANewSession() throws IOException {
    try (Adapter adapter = factory().build("it.default", fields(params()))) {
      assertThat(adapter.check(question("john"))).isInstanceOf(Verdict.Allow.class);
      process.restart();
      await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> adapter.check(question("john")) instanceof Verdict.Allow);
      assertThat(process.opened).hasValue(2);
    }
  }

  @Test
  void whoGivesNoAnswerInTimeHasFailed() {
    process.answers = new CountDownLatch(1);
    Fields params = fields("address: 127.0.0.1:" + process.port() + "\ndeadline: 50ms");
    try (Adapter adapter = factory().build("it.default", params)) {
      assertThatThrownBy(() -> adapter.check(question("john"))).isInstanceOf(IllegalStateException.class).hasMessageContaining("DEADLINE_EXCEEDED");
      assertThat(adapter.figures().toString()).contains("outcome=failed");
    }
  }

  @Test
  void whatMakesNoSenseIsAFailure() {
    process.code = 99;
    try (Adapter adapter = factory().build("it.default", fields(params()))) {
      assertThatThrownBy(() -> adapter.check(question("mary"))).hasMessageContaining("99, which is no code of a denial");
    }
  }

  @Test
  void whatTheAdapterSaysOfItsConfigurationIsTold() {
    Fields params = fields("address: 127.0.0.1:" + process.port() + "\nconfig: {limt: 3}");
    try (Adapter adapter = factory().build("it.default", params)) {
      assertThatThrownBy(() -> adapter.check(question("john")))
          .hasMessageContaining("refuses its configuration: config.limt: unknown; did you mean limit? or what");
    }
  }

  @Test
  void reportsGoInBatches() throws Exception {
    try (ReportAdapter adapter = (ReportAdapter) factory().build("it.default", fields(params()))) {
      Instance one = new Instance("m.instance.default", Template.METRIC, Map.of("value", 1L, "dimensions", Map.of("code", 200L)), GivenRequest.of(Map.of()));
      adapter.report(Collections.nCopies(1_200, one));
    }
    assertThat(process.reported).hasValue(1_200);
    assertThat(process.largestReport).hasValue(500);
  }

  @Test
  void attributesAreKnownSoonAndAskedForOnce() {
    AdapterFactory factory = new RemoteAttributes();
    Instance caller = new Instance("a.instance.default", Template.KUBERNETES, Map.of("source_uid", "x"), GivenRequest.of(Map.of()));
    try (Adapter adapter = factory.build("it.default", fields(params()))) {
      AttributeGenerator generator = (AttributeGenerator) adapter;
      assertThat(generator.generate(caller)).as("nobody waits for what is not known").isEmpty();
      await().atMost(Duration.ofSeconds(40)).until(() -> generator.generate(caller).equals(Map.of("source_owner", "owner-of-x")));
      for (int i = 0; i < 100; i++) {
        assertThat(generator.generate(caller)).containsEntry("source_owner", "owner-of-x");
      }
      assertThat(process.generated).hasValue(1);
    }
  }

  @Test
  void onlyThisMachineIsCalledWithoutTls() {
    Fields params = fields("address: 10.0.0.1:9070\ndeadline: 1m\nconfig: [a]");
    factory().build(params).close();
    assertThat(params.close().toString())
        .contains("address: 10.0.0.1 is another machine: say with tls")
        .contains("deadline: should be more than 0 and at most 10s")
        .contains("config: should be a mapping");
    Fields nonsense = fields("address: here\ntls: {authority: /nowhere/ca.pem, key: x}");
    factory().build(nonsense).close();
    assertThat(nonsense.close().toString()).contains("\"here\" is no address").contains("key go together");
  }
}
