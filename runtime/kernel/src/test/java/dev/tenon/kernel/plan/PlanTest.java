package dev.tenon.kernel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jars are written {@code module:hash@stamp}; a {@code +} marks the drop folder, {@code ~} a plain one, {@code !} one that failed. */
class PlanTest {
  @ParameterizedTest(name = "{4}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, nullValues = "-", value = {
    "proxy | -        | proxy:a@0                         | install proxy a          | what is needed is installed",
    "-     | -        | proxy:a@0                         | -                        | what nobody needs stays on disk",
    "-     | -        | ~denier:a@0                       | install denier a         | plug-ins of the distribution run everywhere",
    "-     | -        | +extra:a@5                        | install extra a          | what is dropped is installed",
    "proxy | proxy:a  | proxy:a@0 +proxy:b@5              | replace proxy a by b     | a dropped jar overlays the distribution's",
    "proxy | proxy:b  | proxy:a@0 +proxy:b@5              | -                        | what runs is what is wanted",
    "proxy | proxy:b  | proxy:a@0                         | replace proxy b by a     | a deleted overlay falls back",
    "-     | extra:a  | -                                 | remove extra a           | a deleted plug-in is removed",
    "proxy | proxy:b  | -                                 | keep proxy b             | what the profile needs is never removed",
    "-     | x:a      | +x:a@5 +x:b@6                     | replace x a by b         | what was given last wins",
    "-     | x:b      | +x:a@5 +x:b@6                     | -                        | an older jar of the same name waits",
    "proxy | -        | proxy:a@0 !+proxy:b@5             | install proxy a          | a failed overlay leaves the distribution's",
    "proxy | proxy:a  | proxy:a@0 !+proxy:b@5             | -                        | what failed is not tried again",
    "proxy | proxy:c  | proxy:a@0 !+proxy:b@5             | -                        | what ran before a failed overwrite goes on",
    "proxy | -        | !proxy:a@0                        | -                        | nothing is left to try",
    "proxy | proxy:a  | proxy:a@0 +proxy:a@7              | -                        | the same content is no change",
    "b a   | -        | a:1@0 b:1@0 ~c:1@0                | install b 1;install a 1;install c 1 | the profile's order comes first",
  })
  void makesWhatRunsWhatIsWanted(String needed, String running, String jars, String steps, String why) {
    List<Given> given = words(jars).stream().map(PlanTest::given).toList();
    Map<String, Given> actual = new TreeMap<>();
    words(running).forEach(each -> actual.put(given(each).module(), given(each)));
    Set<String> failed = words(jars).stream().filter(each -> each.contains("!")).map(each -> given(each).attempt()).collect(Collectors.toSet());
    assertThat(Plan.plan(new Actual(actual, failed), new Desired(words(needed), given)))
        .as(why)
        .extracting(PlanTest::shortly)
        .containsExactlyElementsOf(steps == null ? List.of() : Arrays.asList(steps.split(";")));
  }

  private static List<String> words(String text) {
    return text == null ? List.of() : Arrays.asList(text.split(" +"));
  }

  private static Given given(String text) {
    String bare = text.replaceAll("[+~!]", "");
    String module = bare.replaceAll(":.*", "");
    String hash = bare.replaceAll(".*:|@.*", "");
    long stamp = bare.contains("@") ? Long.parseLong(bare.replaceAll(".*@", "")) : 0;
    Path file = Path.of(module + hash + ".jar");
    return new Given(module, "1", hash, file, file, text.contains("+"), text.contains("~") ? List.of("x") : List.of(), stamp, Signed.UNKNOWN);
  }

  private static String shortly(Step step) {
    return switch (step) {
      case Step.Install install -> "install " + install.module() + " " + install.jar().hash();
      case Step.Replace replace -> "replace " + replace.module() + " " + replace.from().hash() + " by " + replace.to().hash();
      case Step.Remove remove -> "remove " + remove.module() + " " + remove.jar().hash();
      case Step.Keep keep -> "keep " + keep.module() + " " + keep.jar().hash();
    };
  }
}
