package dev.tenon.cli;

import dev.tenon.cli.client.Format;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tenon version}. */
@Command(name = "version", description = "Prints the version of the distribution and of the JVM it runs on.")
final class VersionCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Override
  public Integer call() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("tenon", version());
    answer.put("java", Runtime.version().toString());
    if (format == Format.table) {
      System.out.println("tenon " + answer.get("tenon") + " (java " + answer.get("java") + ")");
    } else {
      format.print(System.out, answer);
    }
    return 0;
  }

  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion()).orElse("unpackaged");
  }
}
