package dev.tenon.adapter.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.ReportAdapterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StdioTest extends ReportAdapterContract {
  @TempDir Path logs;

  @Override
  protected String plugin() {
    return "stdio";
  }

  @Override
  protected AdapterFactory factory() {
    return new Stdio();
  }

  @Override
  protected String params() {
    return "logStream: FILE\noutputPath: " + logs.resolve("mesh.log");
  }

  @Override
  protected Template template() {
    return Template.LOGENTRY;
  }

  @Override
  protected Map<String, Object> values() {
    return Map.of(
        "timestamp", Instant.parse("2026-01-02T03:04:05Z"), "severity", "warning", "monitoredResourceType", "UNSPECIFIED",
        "variables", Map.of("path", "/a\"\n{}", "code", 200L, "took", Duration.ofMillis(3), "ok", true));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(logs.resolve("mesh.log"));
  }

  private ReportAdapter adapter(String more) {
    return (ReportAdapter) factory().build("it.default", fields(params() + "\n" + more));
  }

  @Test
  void aLineIsJsonWhateverACallerSent() throws Exception {
    try (ReportAdapter adapter = adapter("")) {
      adapter.report(batch(2));
    }
    assertThat(lines())
        .hasSize(2)
        .first()
        .isEqualTo(
            "{\"code\":200,\"instance\":\"it.instance.default\",\"level\":\"warn\",\"ok\":true,\"path\":\"/a\\\"\\n{}\","
                + "\"time\":\"2026-01-02T03:04:05Z\",\"took\":\"3.0ms\"}");
  }

  @Test
  void orText() throws Exception {
    try (ReportAdapter adapter = adapter("outputAsJson: false\nseverityLevels: {warning: ERROR}")) {
      adapter.report(batch(1));
    }
    assertThat(lines())
        .containsExactly(
            "2026-01-02T03:04:05Z\terror\tit.instance.default\t{\"code\":200,\"ok\":true,\"path\":\"/a\\\"\\n{}\",\"took\":\"3.0ms\"}");
  }

  @Test
  void whatMattersTooLittleIsNotWritten() throws Exception {
    Map<String, Object> metric = Map.of("value", 1L, "dimensions", Map.of("a", "b"));
    try (ReportAdapter adapter = adapter("outputLevel: WARNING")) {
      adapter.report(List.of(new Instance("m.instance.default", Template.METRIC, metric, GivenRequest.of(Map.of()))));
      adapter.report(batch(1));
    }
    assertThat(lines()).hasSize(1);
  }

  @Test
  void aFullFileIsPutAsideAndNoMoreThanSoManyAreKept() throws Exception {
    String rotated = "logStream: ROTATED_FILE\nmaxMegabytesBeforeRotation: 1\nmaxRotatedFiles: 2\noutputPath: " + logs.resolve("r.log");
    try (ReportAdapter adapter = (ReportAdapter) factory().build("it.default", fields(rotated))) {
      for (int i = 0; i < 60; i++) {
        adapter.report(batch(500));
      }
    }
    try (Stream<Path> files = Files.list(logs)) {
      List<Path> all = files.sorted().toList();
      assertThat(all).hasSize(3);
      for (Path each : all) {
        assertThat(Files.size(each)).isLessThanOrEqualTo(1 << 20);
        assertThat(Files.readAllLines(each)).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
      }
    }
  }

  @Test
  void aFileNeedsAPath() {
    Fields params = fields("logStream: FILE");
    factory().build("", params).close();
    assertThat(params.close()).singleElement().asString().contains("outputPath: is required where logStream is FILE");
  }
}
