package dev.tenon.cli.client;

import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.StatusRequest;
import dev.tenon.wire.admin.v1.TypeStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** Waits until the proxies follow a change. */
public final class Waiting {
  private static final long PAUSE_MILLIS = 20;

  @Option(
      names = "--wait",
      arity = "0..1",
      paramLabel = "SECONDS",
      defaultValue = "0",
      fallbackValue = "30",
      description = "Returns when every connected proxy has acknowledged the change, after ${FALLBACK-VALUE} s at most unless you say otherwise.")
  private int seconds;

  /** Whether somebody wants to wait. */
  boolean wanted() {
    return seconds > 0;
  }

  /**
   * Waits, if that is wanted. What was changed before this call is counted.
   *
   * @throws Refused when the time is over, with the proxies that are behind
   */
  void await(AdminSocket socket) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<ProxyStatus> behind = wanted() ? behind(socket) : List.of();
    while (!behind.isEmpty()) {
      if (System.nanoTime() - end > 0) {
        throw new Refused("the change is made, but after " + seconds + " s " + behind.size() + " of the proxies have not acknowledged it: "
            + String.join("; ", behind.stream().limit(10).map(Waiting::why).toList()));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Refused("the change is made; interrupted while waiting for the proxies");
      }
      behind = behind(socket);
    }
  }

  private static List<ProxyStatus> behind(AdminSocket socket) {
    return socket.mesh().status(StatusRequest.getDefaultInstance()).getProxiesList().stream()
        .filter(ProxyStatus::getConnected)
        .filter(proxy -> !follows(proxy))
        .toList();
  }

  /** Whether a proxy has acknowledged all that it is to have. */
  public static boolean follows(ProxyStatus proxy) {
    return proxy.getTypesList().stream().allMatch(Waiting::acknowledged);
  }

  private static boolean acknowledged(TypeStatus type) {
    return type.getVersionSent().equals(type.getVersionAcknowledged()) && type.getRefusal().isEmpty();
  }

  private static String why(ProxyStatus proxy) {
    return proxy.getNode() + " " + proxy.getTypesList().stream()
        .filter(type -> !acknowledged(type))
        .findFirst()
        .map(type -> type.getRefusal().isEmpty() ? "is still being sent " + type.getType() : "refused " + type.getType() + ": " + type.getRefusal())
        .orElse("");
  }
}
