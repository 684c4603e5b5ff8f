package dev.tenon.adapter.stdio;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Mixer's {@code stdio}: a line for each report. Parameters: {@code logStream} [STDOUT], STDERR, FILE,
 * ROTATED_FILE with {@code outputPath}; {@code outputAsJson} [true]; {@code severityLevels}, {@code
 * metricLevel} [INFO], {@code outputLevel} [INFO]; {@code maxMegabytesBeforeRotation} [100], {@code
 * maxDaysBeforeRotation} [30], {@code maxRotatedFiles} [1000].
 */
public final class Stdio implements AdapterFactory {
  private static final long MEGABYTE = 1 << 20;

  @Override
  public String name() {
    return "stdio";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.LOGENTRY, Template.METRIC, Template.REPORTNOTHING, Template.TRACESPAN, Template.EDGE);
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    Stream stream =
        params
            .oneOf(
                either(params, "logStream", "log_stream"),
                Map.of("STDOUT", Stream.STDOUT, "STDERR", Stream.STDERR, "FILE", Stream.FILE, "ROTATED_FILE", Stream.ROTATED_FILE))
            .orElse(Stream.STDOUT);
    String path = params.text(either(params, "outputPath", "output_path"), "");
    Rotation rotation =
        new Rotation(
            whole(params, 100, "maxMegabytesBeforeRotation", "max_megabytes_before_rotation") * MEGABYTE,
            whole(params, 30, "maxDaysBeforeRotation", "max_days_before_rotation"),
            (int) whole(params, 1000, "maxRotatedFiles", "max_rotated_files"));
    boolean file = stream == Stream.FILE || stream == Stream.ROTATED_FILE;
    if (file && path.isEmpty()) {
      params.error("outputPath", "is required where logStream is " + stream);
    }
    Map<String, Level> severities = new HashMap<>();
    params
        .mapping(either(params, "severityLevels", "severity_levels"))
        .ifPresent(each -> each.names().forEach(name -> severities.put(name, level(each, name))));
    Lines lines =
        new Lines(
            params.truth(either(params, "outputAsJson", "output_as_json"), true),
            severities,
            level(params, either(params, "metricLevel", "metric_level")),
            level(params, either(params, "outputLevel", "output_level")));
    return new Writing(lines, handler.isEmpty() ? new Sink.Nowhere() : sink(stream, path, rotation));
  }

  private enum Stream {
    STDOUT,
    STDERR,
    FILE,
    ROTATED_FILE
  }

  @SuppressWarnings("SystemOut") // it is what an operator asked for
  private static Sink sink(Stream stream, String path, Rotation rotation) {
    return switch (stream) {
      case STDOUT -> new Sink.Standard(System.out);
      case STDERR -> new Sink.Standard(System.err);
      case FILE -> new Sink.File(Path.of(path), Rotation.NEVER);
      case ROTATED_FILE -> new Sink.File(Path.of(path), rotation);
    };
  }

  private static long whole(Fields params, long usual, String... names) {
    return params.whole(either(params, names), 1, 1_000_000).orElse(usual);
  }

  private static Level level(Fields fields, String name) {
    Map<String, Level> levels = new HashMap<>();
    for (Level each : Level.values()) {
      levels.put(each.name(), each);
    }
    return fields.oneOf(name, levels).orElse(Level.INFO);
  }

  /** A field in proto's spelling or in JSON's. */
  private static String either(Fields fields, String... names) {
    return Arrays.stream(names).filter(fields::has).findFirst().orElse(names[0]);
  }
}
