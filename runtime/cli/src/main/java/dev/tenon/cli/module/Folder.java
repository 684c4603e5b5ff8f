package dev.tenon.cli.module;

import dev.tenon.cli.client.Refused;
import dev.tenon.kernel.load.Jar;
import dev.tenon.kernel.plan.Facts;
import dev.tenon.wire.admin.v1.JarFacts;
import dev.tenon.wire.admin.v1.PlanModulesRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder of jars, read as the kernel reads its drop folder, without running anything. */
final class Folder {
  private static final String JAR = ".jar";
  private static final String DISABLED = ".disabled";

  private Folder() {}

  /** What lies there; a jar that cannot be used is said on standard error and left out. */
  static PlanModulesRequest read(Path folder) {
    PlanModulesRequest.Builder request = PlanModulesRequest.newBuilder().setInstead(true);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(DISABLED)) {
          request.addDisabled(name.substring(0, name.length() - DISABLED.length()));
        } else if (name.endsWith(JAR) && !name.startsWith(".")) {
          add(request, file, name);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new Refused(folder + " cannot be read: " + e);
    }
    return request.build();
  }

  private static void add(PlanModulesRequest.Builder request, Path file, String name) throws IOException {
    try {
      Facts facts = Jar.read(file, name).facts();
      request.addJars(JarFacts.newBuilder()
          .setFile(file.toString())
          .setModule(facts.module())
          .setVersion(facts.version())
          .setHash(facts.hash())
          .addAllServices(facts.services())
          .setCoexist(facts.coexist())
          .addAllNeeds(facts.needs())
          .setStamp(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS)));
    } catch (dev.tenon.kernel.load.Refused e) {
      System.err.println("tenon: " + file + " " + e.getMessage() + "; the process would refuse it");
    }
  }
}
