package dev.tenon.registry.consul.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
  @Test
  void oneBadInstanceIsLeftOutAndTheOthersAreRead() throws IOException {
    Several<Instance> read = Answers.instances("""
        [{"Node": {"Node": "n1", "Address": "10.0.0.9", "Datacenter": "dc1"},
          "Service": {"ID": "w1", "Service": "web", "Address": "10.0.0.1", "Port": 80, "Tags": null, "Meta": {"a": "b"},
                      "Weights": {"Passing": 5, "Warning": 2},
                      "TaggedAddresses": {"wan": {"Address": "203.0.113.1", "Port": 8080}}},
          "Checks": [{"Node": "n1", "CheckID": "c", "Status": "passing", "ServiceName": "web"}]},
         {"Node": {"Node": "n1"}, "Service": {"ID": "w2", "Service": "web", "Port": "eighty"}},
         {"Node": {"Node": "n1"}, "Service": {"Service": "web"}},
         7]""");
    assertThat(read.refused()).hasSize(3).first().asString().contains("Port should be a whole number");
    assertThat(read.items()).containsExactly(new Instance(
        new Definition("n1", "w1", "web", "", "10.0.0.1", 80, List.of(), Map.of("a", "b"),
            Map.of("wan", new Definition.Place("203.0.113.1", 8080)), 5, 2),
        "10.0.0.9", "dc1", List.of(new Check("n1", "c", "passing", "web"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{", "[", "{\"a\": 1}", "[[]]", "<html>", "null"})
  void whatIsNoSuchJsonIsAnErrorOfReadingAndNothingElse(String body) {
    assertThatThrownBy(() -> Answers.services(body)).isInstanceOf(IOException.class);
  }

  @Test
  void checksAreReadAsTheyGoByAndABadOneIsLeftOut() throws IOException {
    Several<CheckOf> read = Answers.checksOf("""
        [{"Node": "n1", "CheckID": "serfHealth", "Name": "up", "Status": "passing", "Notes": "", "ServiceID": "", "ServiceName": "",
          "ServiceTags": [], "Definition": {"Interval": "0s", "Header": {"a": ["b"]}}, "CreateIndex": 12},
         {"Node": "n2", "CheckID": "c", "Status": null, "ServiceName": "web", "ServiceID": "w1"},
         {"Node": "n3", "CheckID": 7, "Status": "passing"},
         [1, {"Node": "n4"}]]""");
    assertThat(read.items()).containsExactly(
        new CheckOf(new Check("n1", "serfHealth", "passing", ""), ""), new CheckOf(new Check("n2", "c", "", "web"), "w1"));
    assertThat(read.refused()).hasSize(2).first().asString().contains("CheckID should be text");
    assertThat(Answers.checks("[{\"Node\": \"n1\"}]").items()).containsExactly(new Check("n1", "", "", ""));
    assertThatThrownBy(() -> Answers.checks("[{\"Node\": \"n1\"")).isInstanceOf(IOException.class).hasMessageContaining("not the JSON");
  }

  @Test
  void aNodeThatIsGoneHasNothing() throws IOException {
    assertThat(Answers.node("null").definitions().items()).isEmpty();
    assertThatThrownBy(() -> Answers.instances("[{\"Node\": ")).isInstanceOf(IOException.class).hasMessageContaining("not the JSON");
  }
}
