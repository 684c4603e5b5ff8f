package dev.tenon.samples.fileconfig;

import dev.tenon.testkit.contract.ConfigSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class FileConfigTest extends ConfigSourceContract {
  @TempDir Path folder;

  @Override
  protected String plugin() {
    return "fileconfig";
  }

  @Override
  protected List<String> settings() {
    return List.of("fileconfig.file=" + folder.resolve("rules.yaml"));
  }

  @Override
  protected void placeHolds(Map<String, String> objects) throws IOException {
    Files.writeString(folder.resolve("new"), String.join("---\n", objects.values()));
    Files.move(folder.resolve("new"), folder.resolve("rules.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  protected void loseThePlace() throws IOException {
    Files.move(folder.resolve("rules.yaml"), folder.resolve("gone"));
  }

  @Override
  protected void returnThePlace() throws IOException {
    Files.move(folder.resolve("gone"), folder.resolve("rules.yaml"));
  }
}
