package dev.tenon.cli.demo;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Refused;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ModuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Replaces every module of a process by another build of itself, one after the other, under the load. */
final class Exchange {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final Layout layout;
  private final Members members;
  private final Load load;

  Exchange(Layout layout, Members members, Load load) {
    this.layout = layout;
    this.members = members;
    this.load = load;
  }

  /**
   * One module's replacement.
   *
   * @param millis from the drop until the new build serves
   */
  record Replaced(String module, Tally tally, long millis) {
    Map<String, Object> asMap() {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("requests", tally.requests());
      figures.put("failures", tally.failures());
      figures.put("effective_ms", millis);
      return figures;
    }
  }

  /** Those that run in a process from the distribution's own jars. */
  List<ModuleInfo> modules(String process) {
    try (AdminSocket socket = new AdminSocket(socket(process))) {
      return socket.modules().list(ListModulesRequest.getDefaultInstance()).getModulesList().stream()
          .filter(each -> each.getState().equals("active") && Path.of(each.getFile()).startsWith(layout.home()))
          .toList();
    }
  }

  /** Replaces one of them, and waits until the new build serves. */
  Replaced replace(String process, ModuleInfo module) throws IOException, InterruptedException {
    Path shipped = Path.of(module.getFile());
    Path staged = layout.run().resolve("another-build.jar");
    Rebuild.of(shipped, staged, 1, "demo", entry -> true);
    Path jar = Files.createDirectories(members.directory(process).resolve("plugins")).resolve(shipped.getFileName());
    Tally tally = load.begin();
    long start = System.nanoTime();
    Files.move(staged, jar, StandardCopyOption.ATOMIC_MOVE);
    try (AdminSocket socket = new AdminSocket(socket(process))) {
      while (!serves(socket, module.getName(), jar)) {
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new Refused(process + " does not run the new build of " + module.getName() + " after "
              + PATIENCE.toSeconds() + " s; see 'tenon module history'");
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    return new Replaced(module.getName(), tally, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private static boolean serves(AdminSocket socket, String module, Path jar) {
    return socket.modules().list(ListModulesRequest.getDefaultInstance()).getModulesList().stream()
        .anyMatch(each -> each.getName().equals(module) && each.getState().equals("active") && each.getFile().equals(jar.toString()));
  }

  private Path socket(String process) {
    return members.directory(process).resolve("admin.sock");
  }
}
