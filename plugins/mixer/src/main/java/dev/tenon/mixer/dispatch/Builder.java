package dev.tenon.mixer.dispatch;

import dev.tenon.mixer.accept.Codes;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding.Severity;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.ReportAdapter;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds adapters of parameters, on a thread of its own and with a deadline. */
final class Builder {
  private static final Logger LOG = LoggerFactory.getLogger(Builder.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private Builder() {}

  /**
   * What came of it.
   *
   * @param adapter empty when the parameters were refused
   * @param findings what is to be said of the parameters
   */
  record Built(Optional<Adapter> adapter, List<Finding> findings) {}

  /**
   * Builds an adapter. Never throws.
   *
   * @param handler its name; empty when parameters are only tried out
   */
  static Built build(Plug plug, String handler, Node.Mapping params, String path) {
    Fields fields = Fields.of(params, path);
    FutureTask<Adapter> task = new FutureTask<>(() -> plug.factory().build(handler, fields));
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("build-" + plug.name())
            .inheritInheritableThreadLocals(false)
            .unstarted(task);
    thread.setContextClassLoader(plug.factory().getClass().getClassLoader());
    thread.start();
    try {
      return built(plug, task.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS), fields);
    } catch (ExecutionException e) {
      return refused(plug, fields, params, path, String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      task.cancel(true);
      return refused(plug, Fields.of(params, path), params, path, "no answer within " + DEADLINE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return refused(plug, Fields.of(params, path), params, path, "interrupted", e);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static Built built(Plug plug, @Nullable Adapter adapter, Fields fields) {
    List<Finding> findings = fields.close();
    if (adapter == null) {
      return new Built(Optional.empty(), List.of(refusal(plug, fields.at(), fields.path(), "it made none")));
    }
    Optional<String> misfit =
        plug.templates().stream().sorted().flatMap(each -> misfit(plug, each, adapter).stream()).findFirst();
    if (misfit.isPresent()) {
      discard(plug, adapter);
      return new Built(Optional.empty(), List.of(refusal(plug, fields.at(), fields.path(), misfit.get())));
    }
    if (findings.stream().anyMatch(each -> each.severity() == Severity.ERROR)) {
      discard(plug, adapter);
      return new Built(Optional.empty(), findings);
    }
    return new Built(Optional.of(adapter), findings);
  }

  private static Optional<String> misfit(Plug plug, Template template, Adapter adapter) {
    Class<? extends Adapter> wanted =
        switch (template.variety()) {
          case CHECK -> Adapter.class;
          case QUOTA -> QuotaAdapter.class;
          case REPORT -> ReportAdapter.class;
          case ATTRIBUTE_GENERATOR -> AttributeGenerator.class;
        };
    if (!wanted.isInstance(adapter)) {
      return Optional.of("it takes " + template.wireName() + ", and made no " + wanted.getSimpleName());
    }
    return template.variety() == Template.Variety.ATTRIBUTE_GENERATOR && !plug.nonBlocking()
        ? Optional.of("it makes attributes, and says that it may block")
        : Optional.empty();
  }

  /** An adapter that threw has mostly noted in the parameters why; then that is all there is to say. */
  private static Built refused(
      Plug plug, Fields fields, Node.Mapping params, String path, String reason, @Nullable Throwable cause) {
    List<Finding> findings = new ArrayList<>(fields.findings());
    if (findings.stream().noneMatch(each -> each.severity() == Severity.ERROR)) {
      LOG.warn("the adapter {} makes no handler of its parameters", plug.name(), cause);
      findings.add(refusal(plug, params.at(), path, reason));
    }
    return new Built(Optional.empty(), findings);
  }

  private static Finding refusal(
      Plug plug, Position at, String path, String reason) {
    return new Finding(
        Severity.ERROR,
        Codes.ADAPTER_REFUSES,
        at,
        path,
        "the adapter " + plug.name() + " makes no handler of these: " + reason);
  }

  /** Closes an adapter that was built only to see whether it could be. */
  static void discard(Plug plug, Adapter adapter) {
    try {
      adapter.close();
    } catch (Throwable t) {
      LOG.warn("an adapter {} failed to close", plug.name(), t);
    }
  }
}
