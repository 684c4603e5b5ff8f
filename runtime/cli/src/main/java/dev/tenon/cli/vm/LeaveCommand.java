package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Refused;
import dev.tenon.wire.admin.v1.StopRequest;
import dev.tenon.wire.enrolment.v1.LeaveRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenon vm leave}: out of the mesh in good order, with nothing left behind. */
@Command(name = "leave", description = "Takes this host out of the mesh: stops its sidecar in good order, gives its name back, deletes its credential.")
final class LeaveCommand implements Callable<Integer> {
  private static final int STOP_MILLIS = 30_000;

  @Option(names = "--force", description = "Even when the control plane does not hear it; 'tenon vm evict' there frees the name then.")
  private boolean force;

  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws IOException {
    HostFolder folder = place.folder();
    if (!force) {
      folder.checked();
    }
    stop(folder);
    sayGoodbye(folder);
    delete(folder.credential().directory());
    Files.deleteIfExists(folder.settings());
    Files.deleteIfExists(folder.workload());
    System.out.println("this host has left");
    return 0;
  }

  /** The sidecar says good-bye to its callers first. */
  static void stop(HostFolder folder) throws IOException {
    if (Systemd.has(folder)) {
      Systemd.call("disable", "--now", Systemd.unit(folder));
      Systemd.remove(folder);
      return;
    }
    Path socket = folder.run().resolve("admin.sock");
    if (!Files.exists(socket)) {
      return;
    }
    try (AdminSocket admin = new AdminSocket(socket)) {
      var _ = admin.modules().stop(StopRequest.getDefaultInstance());
    } catch (StatusRuntimeException nobodyThere) {
      return;
    }
    // The last thing that a process gives up; after it, the host may join again.
    Path lock = folder.run().resolve("lock");
    long deadline = System.nanoTime() + STOP_MILLIS * 1_000_000L;
    while (Files.exists(lock) && System.nanoTime() - deadline < 0) {
      Systemd.pause();
    }
  }

  private void sayGoodbye(HostFolder folder) {
    try (Line line = new Line(Place.server(folder), folder.credential(), true)) {
      var _ = line.enrolment().leave(LeaveRequest.getDefaultInstance());
    } catch (StatusRuntimeException | Refused e) {
      if (!force) {
        throw new Refused("the sidecar is stopped, and the control plane did not hear that this host leaves: " + e.getMessage()
            + ". Try again, or --force and 'tenon vm evict' there");
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
