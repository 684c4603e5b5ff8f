package dev.tenon.cli.policy;

import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Row;
import dev.tenon.wire.admin.v1.DeniedOnce;
import dev.tenon.wire.admin.v1.DeniedRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that is over, by its id: who denied it, as far as a process remembers.
 *
 * @param id as the access log has it
 */
record PastRequest(String id, Format format) {
  /** Prints who denied it; gives the exit code of a denial. */
  int tell(AdminSocket socket) {
    List<DeniedOnce> denials = socket.policy().denied(DeniedRequest.newBuilder().setId(id).build()).getDenialsList();
    if (denials.isEmpty()) {
      throw new Refused(
          "this process has denied no request " + id + " of late (its last 1,024 denials are kept; others are not). Ask the called workload's sidecar,"
              + " with --target its run directory; its access log has the method, host and path to explain a request by");
    }
    List<Map<String, Object>> rows = denials.stream().map(PastRequest::row).toList();
    format.print(System.out, List.of("time", "status", "code", "rule", "handler"), rows);
    return 1;
  }

  private static Map<String, Object> row(DeniedOnce denial) {
    return Row.of(
        "time", Instant.ofEpochMilli(denial.getAtMillis()).toString(),
        "status", denial.getStatus(),
        "code", denial.getCode(),
        "rule", denial.getRule(),
        "handler", denial.getHandler());
  }
}
