package dev.tenon.proxy;

import dev.tenon.proxy.serve.Pages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The pages that a proxy serves about itself, at Envoy's paths. */
final class AdminPages implements Pages {
  private final BooleanSupplier ready;
  private final Supplier<List<String>> hung;
  private final Supplier<CompletionStage<String>> metrics;
  private final Supplier<CompletionStage<String>> dump;
  private final String build;

  AdminPages(
      BooleanSupplier ready,
      Supplier<List<String>> hung,
      Supplier<CompletionStage<String>> metrics,
      Supplier<CompletionStage<String>> dump,
      String build) {
    this.ready = ready;
    this.hung = hung;
    this.metrics = metrics;
    this.dump = dump;
    this.build = build;
  }

  @Override
  public CompletionStage<Page> get(String method, String path) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return now(Page.text(405, "only GET is served here\n"));
    }
    return switch (path) {
      case "/ready" -> now(ready());
      case "/stats/prometheus" ->
          metrics
              .get()
              .thenApply(
                  text -> new Page(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)));
      case "/config_dump" -> dump.get().thenApply(Page::json);
      case "/server_info" -> now(Page.json(serverInfo()));
      case "/" -> now(Page.text(200, "/config_dump\n/ready\n/server_info\n/stats/prometheus\n"));
      default -> now(Page.text(404, "there is no such page; see /\n"));
    };
  }

  private Page ready() {
    List<String> reasons = hung.get();
    if (!reasons.isEmpty()) {
      return Page.text(503, String.join("\n", reasons) + "\n");
    }
    return ready.getAsBoolean() ? Page.text(200, "LIVE\n") : Page.text(503, "PRE_INITIALIZING\n");
  }

  private String serverInfo() {
    return "{\"version\":\"tenon/"
        + build.replace("\\", "").replace("\"", "")
        + "\",\"state\":\""
        + (ready.getAsBoolean() ? "LIVE" : "PRE_INITIALIZING")
        + "\"}\n";
  }

  private static CompletionStage<Page> now(Page page) {
    return CompletableFuture.completedStage(page);
  }
}
