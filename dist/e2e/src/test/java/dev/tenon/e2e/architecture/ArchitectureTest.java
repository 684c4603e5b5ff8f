package dev.tenon.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.tenon.galley.decode.fixture.AsksTheClock;
import dev.tenon.galley.validate.fixture.ReachesForward;
import dev.tenon.pilot.join.fixture.HoldsWireTypes;
import dev.tenon.pilot.join.fixture.ImportsAnotherModule;
import dev.tenon.pilot.join.fixture.KeepsStaticState;
import dev.tenon.pilot.join.fixture.KnowsTheKernel;
import dev.tenon.pilot.join.fixture.OpensFiles;
import dev.tenon.spi.fixture.NamesNetty;
import dev.tenon.spi.fixture.NamesTheWire;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final JavaClasses TREE =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.tenon");

  @Test
  void theTreeIsWhole() {
    for (String module : River.MODULES) {
      assertThat(TREE.stream().filter(type -> type.getPackageName().startsWith(module)))
          .as("classes of %s", module)
          .isNotEmpty();
    }
  }

  static Stream<Arguments> rules() {
    return Stream.of(
            River.modulesDoNotImportEachOther(),
            List.of(River.modulesDoNotSeeTheKernel(), River.protobufStaysAtTheEdges()),
            River.stagesFlowDownstream(),
            River.pureStagesArePure(),
            River.spiStandsAlone(),
            River.nothingPinsAClassLoader())
        .flatMap(List::stream)
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theTreeFollowsTheDrawing(ArchRule rule) {
    rule.allowEmptyShould(true).check(TREE);
  }

  static Stream<Arguments> offences() {
    return Stream.of(
        Arguments.of(River.modulesDoNotImportEachOther(), ImportsAnotherModule.class),
        Arguments.of(List.of(River.modulesDoNotSeeTheKernel()), KnowsTheKernel.class),
        Arguments.of(River.stagesFlowDownstream(), ReachesForward.class),
        Arguments.of(List.of(River.protobufStaysAtTheEdges()), HoldsWireTypes.class),
        Arguments.of(River.pureStagesArePure(), OpensFiles.class),
        Arguments.of(River.pureStagesArePure(), AsksTheClock.class),
        Arguments.of(River.spiStandsAlone(), NamesNetty.class),
        Arguments.of(River.spiStandsAlone(), NamesTheWire.class),
        Arguments.of(River.nothingPinsAClassLoader(), KeepsStaticState.class));
  }

  @ParameterizedTest
  @MethodSource("offences")
  void aRuleFailsOnAClassThatBreaksIt(List<ArchRule> rules, Class<?> offender) {
    JavaClasses classes = new ClassFileImporter().importClasses(offender);
    assertThatThrownBy(() -> rules.forEach(rule -> rule.allowEmptyShould(true).check(classes)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(offender.getSimpleName());
  }
}
