package dev.tenon.cli.vm;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tenon vm drain}: nobody calls this host any more; it stays a member. */
@Command(
    name = "drain",
    description = "Takes this host out of service in good order: its callers hear of it, requests under way end, the sidecar stops. It stays a"
        + " member; 'tenon vm join' brings it back without a token.")
final class DrainCommand implements Callable<Integer> {
  @Mixin private Place place = new Place();

  @Override
  public Integer call() throws IOException {
    LeaveCommand.stop(place.folder().checked());
    System.out.println("drained and stopped; 'tenon vm join' with the same --server and --workload brings it back");
    return 0;
  }
}
