package dev.tenon.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class JsonTest {
  @Test
  void aValueComesBackAsItWent() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a \"quoted\" back\\slash\nline \u0001 \u2028");
    value.put("list", List.of(1, 2.5, true, Map.of()));
    value.put("empty", List.of());
    Object back = new Load(LoadSettings.builder().build()).loadFromString(Json.write(value));
    assertThat(back).isEqualTo(value);
  }

  @Test
  void whatIsNoNumberIsNull() {
    assertThat(Json.write(List.of(Double.NaN))).isEqualTo("[\n  null\n]");
  }
}
