package dev.tenon.galley.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.galley.Samples;
import dev.tenon.spi.config.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is said of bad input: where, what, and what to do. The table is {@code bad-input.txt}: a name,
 * the text, {@code =>}, and the findings exactly.
 */
class BadInputTest {
  @TestFactory
  Stream<DynamicTest> everyRowOfTheTableIsRefusedInTheseWords() throws Exception {
    String table;
    try (var in = BadInputTest.class.getResourceAsStream("bad-input.txt")) {
      table = new String(java.util.Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (String row : table.split("(?m)^#### ", -1)) {
      if (row.isBlank() || row.startsWith("//")) {
        continue;
      }
      int end = row.indexOf('\n');
      int arrow = row.indexOf("\n=>\n");
      String yaml = row.substring(end + 1, arrow + 1);
      List<String> expected = row.substring(arrow + 4).strip().lines().toList();
      tests.add(DynamicTest.dynamicTest(row.substring(0, end), () -> assertThat(said(yaml)).isEqualTo(expected)));
    }
    assertThat(tests).hasSizeGreaterThan(40);
    return tests.stream();
  }

  private static List<String> said(String yaml) {
    return Samples.errors("f.yaml", yaml).stream().map(Finding::toString).toList();
  }
}
