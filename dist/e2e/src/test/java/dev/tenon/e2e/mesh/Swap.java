package dev.tenon.e2e.mesh;

import dev.tenon.wire.admin.v1.ModuleInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A module is replaced by another build of itself, by its jar in the drop folder, and brought back. */
public final class Swap {
  private Swap() {}

  /**
   * Does both and waits until the module runs alone again.
   *
   * @param meanwhile what is done after each
   * @return the artifact that the module came from
   */
  public static String thereAndBack(TestMesh mesh, String process, String module, Runnable meanwhile) throws IOException {
    ModuleInfo before = only(mesh, process, module).getFirst();
    Path shipped = Path.of(before.getFile());
    Path jar = Jars.rebuilt(mesh.run().resolve("another.jar"), shipped, 9, entry -> true);
    Path dropped = Jars.drop(jar, mesh.run(process).resolve("plugins"), shipped.getFileName().toString());
    untilAlone(mesh, process, module, dropped, before.getGeneration() + 1);
    meanwhile.run();
    Files.delete(dropped);
    untilAlone(mesh, process, module, shipped, before.getGeneration() + 2);
    meanwhile.run();
    return shipped.getFileName().toString().replace(".jar", "");
  }

  private static List<ModuleInfo> only(TestMesh mesh, String process, String module) {
    return mesh.modules(process).getModulesList().stream().filter(each -> each.getName().equals(module)).toList();
  }

  private static void untilAlone(TestMesh mesh, String process, String module, Path file, int generation) {
    mesh.until(
        process + ": " + module + " to run from " + file, 40,
        () -> {
          List<ModuleInfo> all = only(mesh, process, module);
          return all.size() == 1
              && all.getFirst().getState().equals("active")
              && all.getFirst().getGeneration() == generation
              && all.getFirst().getFile().equals(file.toString());
        });
  }
}
