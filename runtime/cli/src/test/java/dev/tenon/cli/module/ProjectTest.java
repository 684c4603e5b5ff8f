package dev.tenon.cli.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tenon module new writes; that it builds is held by the build of plug-ins from outside the tree. */
class ProjectTest {
  @ParameterizedTest
  @EnumSource(PluginKind.class)
  void isASampleUnderItsOwnNameWithNothingOfTheSamplesLeft(PluginKind kind) throws IOException {
    Map<String, String> files = new Project(kind, "my-plug", "org.acme.plug").files();
    assertThat(files).containsKeys(
        "pom.xml",
        "README.md",
        "src/main/java/org/acme/plug/MyPlug.java",
        "src/test/java/org/acme/plug/MyPlugTest.java",
        "src/main/resources/META-INF/services/" + kind.service());
    assertThat(files.get("src/main/resources/META-INF/services/" + kind.service())).isEqualTo("org.acme.plug.MyPlug\n");
    assertThat(files.get("src/main/java/org/acme/plug/MyPlug.java")).startsWith("package org.acme.plug;").contains("public final class MyPlug ");
    assertThat(files.get("src/test/java/org/acme/plug/MyPlugTest.java")).contains("class MyPlugTest extends ").contains("\"my-plug\"");
    files.forEach(
        (path, content) -> {
          assertThat(content).as(path).doesNotContain("{{", "dev.tenon.samples", kind.type()).doesNotContainPattern("@[a-z.-]+\\.version@");
          if (!path.equals("README.md")) {
            assertThat(content).as(path).doesNotContainPattern("\\b" + kind.sample() + "\\b");
          }
        });
  }

  @ParameterizedTest
  @EnumSource(PluginKind.class)
  void saysWhichPackagesOfSpiItIsBuiltAgainst(PluginKind kind) throws IOException {
    Map<String, String> files = new Project(kind, "a", "b").files();
    Matcher header = Pattern.compile("<Tenon-SPI>(.*)</Tenon-SPI>").matcher(Objects.requireNonNull(files.get("pom.xml")));
    assertThat(header.find()).isTrue();
    List<String> clauses = List.of(header.group(1).split(","));
    assertThat(clauses).allSatisfy(each -> assertThat(each).matches("dev\\.tenon\\.spi\\.[a-z]+;version=\"\\d+\\.\\d+\\.\\d+\""));
    String plugPoint = kind.service().substring(0, kind.service().lastIndexOf('.'));
    assertThat(clauses).doesNotHaveDuplicates().anySatisfy(each -> assertThat(each).startsWith(plugPoint + ";"));
  }

  @ParameterizedTest
  @EnumSource(PluginKind.class)
  void isShortEnoughToBeReadWhole(PluginKind kind) throws IOException {
    String source = Objects.requireNonNull(new Project(kind, "a", "b").files().get("src/main/java/b/A.java"));
    assertThat(source.lines().count()).isLessThan(kind == PluginKind.QUOTA_ADAPTER ? 60 : 100);
  }

  @Test
  void aFolderWithSomethingInItIsLeftAlone(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("mine"), "");
    assertThatThrownBy(() -> new Project(PluginKind.REGISTRY, "a", "b").write(folder)).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(folder).isDirectoryContaining(each -> each.endsWith("mine")).isDirectoryNotContaining(each -> each.endsWith("pom.xml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "1a", "a_b", "-a", "a/b", "a-"})
  void aNameThatIsNoneIsRefused(String name) {
    assertThatThrownBy(() -> new Project(PluginKind.REGISTRY, name, "a.b")).isInstanceOf(Refused.class).hasMessageContaining("no plug-in's name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a..b", "a.class", "1.b", "a/b"})
  void aPackageThatIsNoneIsRefused(String name) {
    assertThatThrownBy(() -> new Project(PluginKind.REGISTRY, "a", name)).isInstanceOf(Refused.class).hasMessageContaining("--package");
  }
}
