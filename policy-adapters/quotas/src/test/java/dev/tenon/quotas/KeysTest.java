package dev.tenon.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names that counters go by. */
class KeysTest {
  @Test
  void equalDimensionsHaveOneName() {
    Map<String, Object> one = new LinkedHashMap<>(Map.of("user", "john"));
    one.put("port", 80L);
    assertThat(Keys.of("requests.instance.default", one, "")).isEqualTo("requests.instance.default port=80 user=john");
    assertThat(Keys.of("r", Map.of("user", "john", "plan", "gold"), "plan")).isEqualTo("r user=john");
  }

  @Test
  void noValueCanMakeItselfLookLikeAnother() {
    assertThat(Keys.of("r", Map.of("a", "1 b=2"), "")).isNotEqualTo(Keys.of("r", Map.of("a", "1", "b", "2"), ""));
    assertThat(Keys.of("r", Map.of("a", "1\\", "b", "2"), "")).isNotEqualTo(Keys.of("r", Map.of("a", "1\\ b=2"), ""));
  }

  @Test
  void aLongValueTakesNoMoreRoomAndStaysApart() {
    String long1 = Keys.of("r", Map.of("a", "x".repeat(60_000) + "1"), "");
    String long2 = Keys.of("r", Map.of("a", "x".repeat(60_000) + "2"), "");
    assertThat(long1).hasSizeLessThanOrEqualTo(Keys.LONGEST).isNotEqualTo(long2);
  }
}
