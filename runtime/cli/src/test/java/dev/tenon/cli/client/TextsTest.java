package dev.tenon.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.wire.admin.v1.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextsTest {
  @TempDir Path directory = Path.of(".");

  @Test
  void aDirectoryGivesItsYamlFilesByName() throws IOException {
    Files.writeString(directory.resolve("b.yaml"), "b");
    Files.writeString(directory.resolve("a.yml"), "a");
    Files.writeString(directory.resolve("notes.txt"), "n");
    assertThat(Texts.read(List.of(directory.toString()))).extracting(Text::getYaml).containsExactly("a", "b");
  }

  @Test
  void whatIsNotThereIsNamed() {
    Path file = directory.resolve("missing.yaml");
    assertThatThrownBy(() -> Texts.read(List.of(file.toString())))
        .isInstanceOf(Refused.class)
        .hasMessage(file + ": no such file or directory");
  }

  @Test
  void aDirectoryWithNothingToApplyIsAnError() {
    assertThatThrownBy(() -> Texts.read(List.of(directory.toString()))).hasMessageContaining("holds no .yaml");
  }
}
