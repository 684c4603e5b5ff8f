package dev.tenon.kernel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Jars are written {@code module-version:hash@stamp}, version 1 and stamp 0 when left out. Before it, a {@code +} marks
 * the drop folder, {@code ~} a plain one, {@code !} one that failed, {@code ?} one that an earlier process died of, {@code
 * &} one that runs beside other versions, {@code ^} one whose signer is revoked; {@code >b>c} behind it says what it needs.
 */
class PlanTest {
  @ParameterizedTest(name = "{4}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "proxy | -        | proxy:a                           | install proxy a          | what is needed is installed",
    "-     | -        | proxy:a                           | -                        | what nobody needs stays on disk",
    "-     | -        | ~denier:a                         | install denier a         | plug-ins of the distribution run everywhere",
    "-     | -        | +extra:a@5                        | install extra a          | what is dropped is installed",
    "proxy | proxy:a  | proxy:a +proxy:b@5                | replace proxy a by b     | a dropped jar overlays the distribution's",
    "proxy | proxy:a  | proxy-2:a +proxy-1:b@5            | replace proxy a by b     | an overlay counts whatever its version: a downgrade",
    "proxy | proxy:b  | proxy:a +proxy:b@5                | -                        | what runs is what is wanted",
    "proxy | proxy:b  | proxy:a                           | replace proxy b by a     | a deleted overlay falls back",
    "-     | extra:a  | -                                 | remove extra a           | a deleted plug-in is removed",
    "proxy | proxy:b  | -                                 | keep proxy b             | what the profile needs is never removed",
    "proxy | -        | proxy:a !+proxy:b@5               | install proxy a          | a failed overlay leaves the distribution's",
    "proxy | proxy:a  | proxy:a !+proxy:b@5               | -                        | what failed is not tried again",
    "proxy | proxy:c  | proxy:a !+proxy:b@5               | -                        | what ran before a failed overwrite goes on",
    "proxy | -        | !proxy:a                          | -                        | nothing is left to try",
    "proxy | proxy:a  | proxy:a +proxy:a@7                | -                        | the same content is no change",
    "b a   | -        | a:1 b:1 ~c:1                      | install b 1;install a 1;install c 1 | the profile's order comes first",
  })
  void theDropFolderLiesOverTheDistribution(String needed, String running, String jars, String steps, String why) {
    check(needed, running, "-", "-", jars, steps, why);
  }

  @ParameterizedTest(name = "{4}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "- | x-1:a       | +x-1:a@5 +x-2:b@1                   | replace x a by b;pass x a   | the highest version wins, not the latest",
    "- | x-1.9:a     | +x-1.9:a +x-1.10:b                  | replace x a by b;pass x a   | versions are numbers, not text",
    "- | x-1.0-rc1:a | +x-1.0-rc1:a +x-1.0:b               | replace x a by b;pass x a   | a release is above its candidates",
    "- | x-odd:a     | +x-odd:a +x-1:b                     | replace x a by b;pass x a   | what is no version is below what is one",
    "- | x-2:b       | +x-1:a@5 +x-2:b@1                   | pass x a                    | a lower version waits",
    "- | x-2:b       | +x-1:a@5                            | replace x b by a            | when the higher is deleted, the lower one runs",
    "- | x:a         | +x:a@5 +x:b@6                       | replace x a by b;pass x a   | of one version what was written last",
    "- | x:b         | +x:a@5 +x:b@6                       | pass x a                    | and the other is passed over",
    "- | x:a         | +x:a@5 +x:a@6                       | pass x a                    | a second copy of the same is passed over",
    "- | x-1:a       | +x-1:a !+x-2:b                      | -                           | a higher one that failed does not win",
    "- | -           | &+x-1:a &+x-2:b                     | install x a;install x b     | versions that say so run side by side",
    "- | &x-1:a      | &+x-1:a &+x-2:b                     | install x b                 | a second version does not replace the first",
    "- | &x-1:a      | &+x-1:c@9                           | replace x a by c            | another build of the same version does",
    "- | &x-1:a &x-2:b | &+x-2:b                           | remove x a                  | one of two is deleted",
    "- | x-1:a       | +x-1:a &+x-2:b                      | install x b                 | the older one need not say so",
  })
  void ofSeveralJarsTheHighestVersionWins(String needed, String running, String jars, String steps, String why) {
    check(needed, running, "-", "-", jars, steps, why);
  }

  @ParameterizedTest(name = "{5}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "proxy | -       | proxy   | proxy:a            | install proxy a             | what the profile needs is started though disabled",
    "proxy | proxy:a | proxy   | proxy:a            | keep proxy a                | and kept",
    "-     | x:a     | x       | ~x:a               | remove x a                  | a plug-in of the distribution is disabled",
    "-     | -       | x       | ~x:a               | -                           | and stays away",
    "-     | x:a     | x       | +x:a               | remove x a                  | so is one of the drop folder",
    "-     | x:a y:a>x | x     | +x:a +y:a>x        | keep x a                    | not while another needs it",
    "-     | x:a y:a>x | -     | -                  | remove y a;remove x a       | those that need go first",
    "-     | x:a y:a>x | -     | +y:a>x             | keep x a                    | what another needs stays",
  })
  void aDisabledModuleIsRemovedUnlessItIsNeeded(String needed, String running, String disabled, String jars, String steps, String why) {
    check(needed, running, disabled, "-", jars, steps, why);
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "-     | +a:1>b +b:1                | install b 1;install a 1               | what is needed comes first",
    "-     | +a:1>b +b:1>c +c:1         | install c 1;install b 1;install a 1   | and what that needs before",
    "-     | +a:1>b                     | refuse a 1                            | what needs something that is not there is refused",
    "-     | +a:1>b +b:1>c              | refuse b 1;refuse a 1                 | and so is what needs that",
    "-     | +a:1>b +b:1>a              | refuse a 1;refuse b 1                 | two that need each other are refused",
    "-     | +a:1>a                     | refuse a 1                            | and one that needs itself",
    "-     | +a:1>b +b:1>c +c:1>b       | refuse b 1;refuse c 1;refuse a 1      | and what needs those",
    "a:0   | +a:0 +a-2:1>b +b:1>a       | refuse a 1;refuse b 1                 | the lower version goes on where the higher is refused",
    "a:0   | +a-2:1>b                   | refuse a 1                            | what runs goes on",
    "b:1 a:0>b | +a:0>b +b-2:2>a +b-1:1 | refuse b 2                            | a new version may not close a circle",
    "b:1   | +a:1>b +b-2:2 +b-1:1       | replace b 1 by 2;install a 1;pass b 1 | a replacement of what is needed comes first too",
  })
  void modulesComeAfterWhatTheyNeed(String running, String jars, String steps, String why) {
    check("-", running, "-", "-", jars, steps, why);
  }

  @ParameterizedTest(name = "{4}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "proxy | proxy:a | proxy:a ?+proxy:b    | install proxy a   | what an earlier process died of is not tried again",
    "proxy | proxy:c | proxy:a ?+proxy:b    | install proxy c   | what served last is, though its file was overwritten",
    "proxy | -       | ?proxy:a             | install proxy a   | unless the profile needs it and there is no other",
    "-     | -       | ?+x:a                | -                 | a plug-in that the process died of stays away",
    "proxy | proxy:c | !proxy:a             | install proxy c   | a new distribution that fails leaves what served last",
    "proxy | proxy:c | proxy:a              | install proxy a   | but is tried first",
    "proxy | proxy:c | -                    | install proxy c   | a needed jar that is gone is taken from the store",
    "-     | x:c     | -                    | -                 | a plug-in whose jar is gone stays away",
    "proxy | !proxy:c | !proxy:a            | -                 | nothing is left to try",
  })
  void aProcessComesUpWithWhatServedLast(String needed, String good, String jars, String steps, String why) {
    check(needed, "-", "-", good, jars, steps, why);
  }

  @ParameterizedTest(name = "{5}")
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "-     | ^x:a         | -    | -       | remove x a              | what a revoked signer signed goes",
    "proxy | ^proxy:b     | -    | proxy:a | replace proxy b by a    | the distribution's own takes its place",
    "proxy | ^proxy:b     | -    | -       | remove proxy b          | it goes even where the profile needs it",
    "-     | ^x:a y:b>x   | -    | +y:b>x  | remove x a              | and where another module does",
    "proxy | ^proxy:b     | -    | !proxy:a | remove proxy b         | and where what should take its place failed",
    "proxy | -            | ^proxy:b | -   | -                       | it does not come back from the store",
    "proxy | -            | ^proxy:b | !proxy:a | -                  | not even where nothing else is left",
  })
  void whatARevokedSignerSignedGoes(String needed, String running, String good, String jars, String steps, String why) {
    check(needed, running, "-", good, jars, steps, why);
  }

  private static void check(String needed, String running, String disabled, String good, String jars, String steps, String why) {
    List<Given> given = words(jars).stream().map(PlanTest::given).toList();
    Set<String> failed = attempts(jars + " " + good, each -> each.contains("!"));
    Set<String> held = attempts(jars, each -> each.contains("?"));
    Set<String> revoked = words(running + " " + good).stream().filter(each -> each.contains("^")).map(each -> given(each).hash()).collect(Collectors.toSet());
    Actual actual = new Actual(places(running), failed, held, revoked, places(good));
    assertThat(Plan.plan(actual, new Desired(words(needed), Set.copyOf(words(disabled)), given)))
        .as(why)
        .extracting(PlanTest::shortly)
        .containsExactlyElementsOf(steps.equals("-") ? List.of() : Arrays.asList(steps.split(";")));
  }

  private static Map<String, Given> places(String text) {
    Map<String, Given> places = new HashMap<>();
    words(text).forEach(each -> places.put(given(each).place(), given(each)));
    return places;
  }

  private static Set<String> attempts(String text, Predicate<String> which) {
    return words(text).stream().filter(which).map(each -> given(each).attempt()).collect(Collectors.toSet());
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" +")).filter(each -> !each.equals("-")).toList();
  }

  private static Given given(String text) {
    List<String> parts = Arrays.asList(text.replaceAll("[+~!?&^]", "").split(">"));
    String bare = parts.getFirst();
    String name = bare.replaceAll(":.*", "");
    int dash = name.indexOf('-');
    String module = dash < 0 ? name : name.substring(0, dash);
    String version = dash < 0 ? "1" : name.substring(dash + 1);
    String hash = bare.replaceAll(".*:|@.*", "");
    long stamp = bare.contains("@") ? Long.parseLong(bare.replaceAll(".*@", "")) : 0;
    Path file = Path.of(module + hash + ".jar");
    Facts facts = new Facts(module, version, hash, text.contains("~") ? List.of("x") : List.of(), text.contains("&"),
        parts.subList(1, parts.size()));
    return new Given(facts, file, file, file, text.contains("+"), stamp, new Signed(hash, "", List.of()));
  }

  private static String shortly(Step step) {
    return switch (step) {
      case Step.Replace replace -> "replace " + replace.module() + " " + replace.from().hash() + " by " + replace.jar().hash();
      default -> step.action() + " " + step.module() + " " + step.jar().hash();
    };
  }
}
