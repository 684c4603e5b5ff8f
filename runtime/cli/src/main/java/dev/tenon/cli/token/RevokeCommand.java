package dev.tenon.cli.token;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Target;
import dev.tenon.wire.admin.v1.RevokeTokenRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tenon token revoke}: a token that is not taken any more, from the next call on. */
@Command(name = "revoke", description = "Revokes a token; the next call that uses it is refused.")
final class RevokeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "ID", description = "As 'tenon token list' shows it.")
  private String id = "";

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try (AdminSocket socket = target.connect()) {
      var _ = socket.tokens().revoke(RevokeTokenRequest.newBuilder().setId(id).build());
      System.out.println("token " + id + " is revoked");
      return 0;
    }
  }
}
