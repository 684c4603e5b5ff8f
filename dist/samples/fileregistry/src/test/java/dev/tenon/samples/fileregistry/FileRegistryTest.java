package dev.tenon.samples.fileregistry;

import dev.tenon.testkit.contract.RegistryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

class FileRegistryTest extends RegistryContract {
  @TempDir Path folder;

  @Override
  protected String plugin() {
    return "fileregistry";
  }

  @Override
  protected List<String> settings() {
    return List.of("fileregistry.file=" + folder.resolve("services"));
  }

  @Override
  protected void platformHolds(Map<String, String> services) throws IOException {
    String lines =
        services.entrySet().stream()
            .map(each -> each.getKey() + " default 9080 " + each.getValue() + ":8080\n")
            .sorted()
            .collect(Collectors.joining());
    Files.writeString(folder.resolve("new"), lines);
    Files.move(folder.resolve("new"), folder.resolve("services"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  protected void loseThePlatform() throws IOException {
    Files.move(folder.resolve("services"), folder.resolve("gone"));
  }

  @Override
  protected void returnThePlatform() throws IOException {
    Files.move(folder.resolve("gone"), folder.resolve("services"));
  }
}
