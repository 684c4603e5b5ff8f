package dev.tenon.registry.consul.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.consul.read.Check;
import dev.tenon.registry.consul.read.Definition;
import dev.tenon.registry.consul.read.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastViewTest {
  @TempDir private Path folder = Path.of("/nowhere");

  @Test
  void whatIsWrittenAgainAfterAChangeIsWhatThereIsThen() throws IOException {
    LastView file = new LastView(folder.resolve("view.json"), "http://127.0.0.1:8500");
    List<Instance> web = List.of(instance("web", "10.0.0.1"));
    file.write(Map.of("dc1", Map.of("web", web, "a \"quoted\" name", List.of(instance("q", "10.0.0.2"))), "dc2", Map.of()));
    Map<String, Map<String, List<Instance>>> later =
        Map.of("dc1", Map.of("web", web, "new", List.of(instance("new", "10.0.0.3"))), "dc2", Map.of("web", List.of(instance("web", "10.0.0.4"))));
    file.write(later);
    assertThat(file.read()).hasValueSatisfying(view -> assertThat(view.instances()).isEqualTo(later));
    file.write(Map.of());
    assertThat(file.read()).hasValueSatisfying(view -> assertThat(view.instances()).isEmpty());
  }

  private static Instance instance(String service, String address) {
    Definition definition =
        new Definition("n", service, service, "", address, 80, List.of("v|1"), Map.of("a", "b"), Map.of("wan", new Definition.Place("203.0.113.1", 1)), 1, 1);
    return new Instance(definition, "10.9.9.9", "dc1", List.of(new Check("n", "c", "passing", service)));
  }
}
