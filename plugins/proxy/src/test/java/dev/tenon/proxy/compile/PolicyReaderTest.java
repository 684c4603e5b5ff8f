package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.rules.Meta;
import dev.tenon.spi.rules.PolicyRules;
import dev.tenon.wire.policy.v1.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy resources say the same as the YAML that they were made of. */
class PolicyReaderTest {
  @Test
  void aPolicyIsReadBackWithThePlacesWhereItWasWritten() {
    Policy policy =
        Protos.parse(
                """
                namespace: "ns"
                handlers { name: "h" adapter: "denier" origin: "a/b.yaml:3:5" params {
                  fields { key: "code" value { number_value: 7 } }
                  fields { key: "list" value { list_value { values { string_value: "x" } values { bool_value: true } } } }
                  fields { key: "in" value { struct_value { fields { key: "n" value { null_value: NULL_VALUE } } } } } } }
                instances { name: "i" template: "checknothing" }
                rules { name: "r" match: "request.path == \\"/\\"" on_failure: OPEN origin: "c.yaml:9:1"
                  actions { handler: "h" instances: "i" } }
                """,
                Policy.newBuilder())
            .build();
    Position at = new Position("a/b.yaml", 3, 5);
    LinkedHashMap<String, Node> params = new LinkedHashMap<>();
    params.put("code", new Node.Numeric(7, at));
    params.put("list", new Node.Items(List.of(new Node.Text("x", at), new Node.Truth(true, at)), at));
    LinkedHashMap<String, Node> in = new LinkedHashMap<>();
    in.put("n", new Node.Null(at));
    params.put("in", new Node.Mapping(in, at));

    Compilation<PolicyRules> result = PolicyReader.read(policy.toByteString());

    PolicyRules expected =
        new PolicyRules(
            "ns",
            List.of(new PolicyRules.Handler(new Meta("ns", "h", at), "denier", new Node.Mapping(params, at))),
            List.of(
                new PolicyRules.InstanceRule(
                    new Meta("ns", "i", Position.of("")), "checknothing", Node.Mapping.empty(Position.of("")))),
            List.of(
                new PolicyRules.Rule(
                    new Meta("ns", "r", at),
                    "request.path == \"/\"",
                    new Position("c.yaml", 9, 1),
                    List.of(new PolicyRules.Action("h", List.of("i"))),
                    true)));
    assertThat(result).isEqualTo(new Compilation.Compiled<>(expected));
    PolicyRules rules = ((Compilation.Compiled<PolicyRules>) result).value();
    assertThat(rules.handlers().getFirst().meta().at()).isEqualTo(at);
    assertThat(rules.rules().getFirst().matchAt()).isEqualTo(new Position("c.yaml", 9, 1));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "", value = {
    "a.yaml:1:2 | a.yaml | 1 | 2",
    "C:x.yaml:10:20 | C:x.yaml | 10 | 20",
    "galley | galley | 0 | 0",
    "a:b:c | a:b:c | 0 | 0",
    "a.yaml:99999999999:1 | a.yaml:99999999999:1 | 0 | 0"
  })
  void originsAreReadFromTheirEnd(String origin, String file, int line, int column) {
    assertThat(Structs.position(origin)).isEqualTo(new Position(file, line, column));
  }

  @Test
  void aNamelessRuleIsRefused() {
    Policy policy = Protos.parse("namespace: 'ns' rules {}", Policy.newBuilder()).build();

    assertThat(PolicyReader.read(policy.toByteString()))
        .isEqualTo(new Compilation.Rejected<>("rules[0].name", "is required"));
  }
}
