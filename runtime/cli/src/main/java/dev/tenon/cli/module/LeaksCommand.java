package dev.tenon.cli.module;

import dev.tenon.cli.client.Row;
import dev.tenon.cli.client.Ages;
import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.ModuleLeak;
import dev.tenon.wire.admin.v1.ModuleLeaksRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon module leaks}: what should have been unloaded and was not, and why. */
@Command(
    name = "leaks",
    description = {
      "Shows closed modules whose classes are still in memory, with the way from a root to their class loader.",
      "Exit code 1 when there is one."
    })
final class LeaksCommand implements Callable<Integer> {
  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      ModuleLeaksResponse found = socket.modules().leaks(ModuleLeaksRequest.getDefaultInstance());
      if (format == Format.table) {
        found.getLeaksList().forEach(LeaksCommand::print);
        System.out.println(sum(found));
      } else {
        format.print(System.out, whole(found));
      }
      return found.getLeaksCount() == 0 ? 0 : 1;
    }
  }

  private static void print(ModuleLeak leak) {
    System.out.println(leak.getModule() + " " + leak.getBuild() + ", closed " + Ages.since(leak.getClosedMillis()) + " ago, is held by");
    List<String> lines = leak.getPathCount() == 0 ? List.of(leak.getReason()) : leak.getPathList();
    for (int each = 0; each < lines.size(); each++) {
      System.out.println("  " + (each == 0 ? "" : "\u2192 ") + lines.get(each));
    }
    System.out.println();
  }

  private static String sum(ModuleLeaksResponse found) {
    return found.getCollected() + " unloaded, " + found.getWaiting() + " not collected yet, " + found.getLeaksCount() + " held ("
        + found.getLeaked() + " so far); " + found.getLeft() + " threads, MBeans and handlers left behind.\n"
        + "Proving took " + found.getCollections() + " collections (" + found.getCollectionMillis() + " ms) and "
        + found.getDumps() + " heap dumps (" + found.getDumpMillis() + " ms).";
  }

  private static Map<String, Object> whole(ModuleLeaksResponse found) {
    return Row.of(
        "leaks", found.getLeaksList().stream().map(LeaksCommand::whole).toList(),
        "collected", found.getCollected(),
        "waiting", found.getWaiting(),
        "leaked", found.getLeaked(),
        "left", found.getLeft(),
        "collections", found.getCollections(),
        "collectionMillis", found.getCollectionMillis(),
        "dumps", found.getDumps(),
        "dumpMillis", found.getDumpMillis());
  }

  private static Map<String, Object> whole(ModuleLeak leak) {
    return Row.of(
        "module", leak.getModule(),
        "build", leak.getBuild(),
        "closedMillis", leak.getClosedMillis(),
        "path", List.copyOf(leak.getPathList()),
        "reason", leak.getReason());
  }
}
