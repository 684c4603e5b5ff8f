package dev.tenon.cli.vm;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.EvictHostRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tenon vm evict}: a host whose credential is not taken any more, from its next call on. */
@Command(name = "evict", description = "Turns a host out: its credential is not taken any more, and its name is free.")
final class EvictCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME|NAMESPACE/NAME", description = "As 'tenon vm hosts' shows it.")
  private String name = "";

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    String[] parts = (name.contains("/") ? name : "default/" + name).split("/", 2);
    try (AdminSocket socket = target.connect()) {
      var _ = socket.hosts().evictHost(EvictHostRequest.newBuilder().setNamespace(parts[0]).setName(parts[1]).build());
      System.out.println(parts[0] + "/" + parts[1] + " is turned out");
      return 0;
    }
  }
}
