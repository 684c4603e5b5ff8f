package dev.tenon.samples.jsonlines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import dev.tenon.testkit.contract.SinkContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest extends SinkContract {
  @TempDir Path folder;

  @Override
  protected String plugin() {
    return "jsonlines";
  }

  @Override
  protected SinkFactory factory() {
    return new JsonLines();
  }

  @Override
  protected String config() {
    return "file: " + folder.resolve("requests.json") + "\nmaxBytes: 4096";
  }

  @Test
  void aRequestIsALineAndTheFileIsBegunAnewWhenItIsLarge() throws Exception {
    try (Sink sink = factory().build(fields(config()))) {
      sink.requests(requests(1));
      assertThat(Files.readAllLines(folder.resolve("requests.json")))
          .containsExactly(
              "{\"start\":\"2023-11-14T22:13:20Z\",\"method\":\"GET\",\"authority\":\"reviews\",\"path\":\"/r\\\"\\\\\u00e4/0\","
                  + "\"request_id\":\"id-0\",\"status\":200,\"flags\":\"-\",\"micros\":0,\"cluster\":\"out\","
                  + "\"upstream\":\"127.9.0.1:80\",\"caller\":\"default/web\",\"note_note\":\"value\"}");
      for (int i = 0; i < 40; i++) {
        sink.requests(requests(1));
      }
      assertThat(Files.size(folder.resolve("requests.json"))).isLessThanOrEqualTo(4096);
      assertThat(folder.resolve("requests.json.1")).exists();
    }
  }
}
