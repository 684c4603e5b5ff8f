package dev.tenon.samples.jsonlines;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.telemetry.FinishedRequest;
import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes each finished request as a line of JSON. Configuration: {@code file}; {@code maxBytes}, beyond
 * which the file is renamed to end in {@code .1} and begun anew.
 */
public final class JsonLines implements SinkFactory {
  /** What {@code proxy.telemetry[].sink} names. */
  @Override
  public String name() {
    return "jsonlines";
  }

  /** Reads the configuration; what is missing or wrong is told to the operator with its place. */
  @Override
  public Sink build(Fields config) {
    String file = config.text("file");
    long most = config.whole("maxBytes", 1024, 1L << 40).orElse(64L << 20);
    return new Lines(Path.of(file), most);
  }

  private record Lines(Path file, long most) implements Sink {
    /** Called on a thread that may block, one call at a time: no lock is needed. */
    @Override
    public void requests(List<FinishedRequest> batch) throws IOException {
      StringBuilder lines = new StringBuilder();
      batch.forEach(each -> line(lines, each));
      if (Files.exists(file) && Files.size(file) + lines.length() > most) {
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static void line(StringBuilder out, FinishedRequest request) {
      out.append("{\"start\":\"").append(request.start()).append('"');
      text(out, "method", request.asked().method());
      text(out, "authority", request.asked().authority());
      text(out, "path", request.asked().path());
      text(out, "request_id", request.asked().requestId());
      out.append(",\"status\":").append(request.answered().status());
      text(out, "flags", request.answered().flags());
      out.append(",\"micros\":").append(request.nanos() / 1000);
      text(out, "cluster", request.upstream().cluster());
      text(out, "upstream", request.upstream().address());
      text(out, "caller", request.caller().workload());
      request.notes().forEach((name, value) -> text(out, "note_" + name, value));
      out.append("}\n");
    }

    private static void text(StringBuilder out, String name, String value) {
      quoted(out.append(','), name);
      quoted(out.append(':'), value);
    }

    private static void quoted(StringBuilder out, String value) {
      out.append('"');
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
          out.append('\\').append(c);
        } else if (c < ' ') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
      out.append('"');
    }
  }
}
