package dev.tenon.adapter.statsd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.PluginJar;
import dev.tenon.testkit.Unloading;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.ReportAdapterContract;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsdTest extends ReportAdapterContract {
  private static final Map<String, Object> DIMENSIONS = Map.of("code", 200L, "path", "/a:b|c\n");
  private DatagramSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    server.setSoTimeout(5000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String received() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    server.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }

  @Override
  protected String plugin() {
    return "statsd";
  }

  @Override
  protected AdapterFactory factory() {
    return new Statsd();
  }

  @Override
  protected String params() {
    return """
        address: 127.0.0.1:%d
        prefix: mesh
        metrics:
          it.instance.default: {type: COUNTER, nameTemplate: 'requests.{{.code}}{{.path}}'}
          took.instance.default: {type: DISTRIBUTION}
          level.instance.default: {type: GAUGE, nameTemplate: level}
        """
        .formatted(server.getLocalPort());
  }

  @Override
  protected Template template() {
    return Template.METRIC;
  }

  @Override
  protected Map<String, Object> values() {
    return Map.of("value", 2L, "dimensions", DIMENSIONS);
  }

  private static Instance metric(String name, Object value) {
    return new Instance(
        name + ".instance.default", Template.METRIC, Map.of("value", value, "dimensions", DIMENSIONS), GivenRequest.of(Map.of()));
  }

  @Test
  void eachReportIsALineAndWhatACallerSentEndsNone() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(List.of(metric("it", 2L), metric("took", Duration.ofMillis(3)), metric("took", 7L), metric("level", 1.5), metric("it", "x")));
      assertThat(received())
          .isEqualTo("mesh.requests.200/a_b_c_:2|c\nmesh.took.instance.default:3.0|ms\nmesh.took.instance.default:7|c\nmesh.level:1.5|g");
      assertThat(adapter.figures().toString()).contains("{what=unusable}, value=Amount[value=1.0]");
    }
  }

  @Test
  void datagramsAreBounded() throws Exception {
    try (ReportAdapter adapter = adapter(factory())) {
      adapter.report(batch(100));
      assertThat(received().length()).isBetween(400, 512);
    }
  }

  @Test
  void dogstatsdHasTags() throws Exception {
    String params =
        "address: 127.0.0.1:" + server.getLocalPort()
            + "\nglobalTags: {mesh: home}\nmetrics: {it.instance.default: {name: requests, type: COUNTER, tags: {of: mesh}}}";
    Fields fields = fields(params);
    try (ReportAdapter adapter = (ReportAdapter) new DogStatsd().build(fields)) {
      assertThat(fields.close()).isEmpty();
      adapter.report(batch(1));
      assertThat(received()).isEqualTo("istio.requests:2|c|#code:200,mesh:home,of:mesh,path:/a_b_c_");
    }
  }

  @Test
  void aTemplateOfMoreThanDimensionsIsRefused() {
    Fields params = fields("metrics: {x: {type: COUNTER, nameTemplate: '{{if .a}}b{{end}}'}}\naddress: here");
    factory().build(params).close();
    assertThat(params.close().toString()).contains("has more than dimensions in it").contains("\"here\" is no address");
  }

  @Test
  void bothAreOffered(@TempDir Path folder) throws Exception {
    Unloading.assertUnloads(
        PluginJar.of(Path.of("target/classes")).write(folder.resolve("statsd-1.0.jar")),
        List.of(),
        kernel -> assertThat(kernel.offered(AdapterFactory.class)).hasSize(2));
  }
}
