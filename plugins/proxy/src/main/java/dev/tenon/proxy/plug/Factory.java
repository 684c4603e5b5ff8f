package dev.tenon.proxy.plug;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.lifecycle.Offer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An installed factory, asked once what it is. Asked and made to build under a guard.
 *
 * @param service what was offered
 * @param module the plug-in or module that offers it
 */
record Factory<F, P extends AutoCloseable>(
    PlugKind<F, P> kind, F service, String module, String name, boolean nonBlocking, Guard guard) {
  private static final Logger LOG = LoggerFactory.getLogger(Factory.class);
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), 16, 1000, Duration.ofSeconds(1));

  /** Empty when the factory cannot say what it is; the log has the reason then. */
  static <F, P extends AutoCloseable> Optional<Factory<F, P>> of(PlugKind<F, P> kind, Offer<F> offer, Guards guards) {
    F service = offer.service();
    Guard guard = guards.over(service, kind.called() + " of " + offer.module(), LIMITS);
    Object said =
        guard.<F, PlugKind<F, P>, Object>call(
            (asked, of) -> new Factory<>(of, asked, offer.module(), of.name().apply(asked), of.nonBlocking().test(asked), guard),
            service, kind, trouble -> trouble);
    if (said instanceof Trouble trouble) {
      LOG.error("a {} of {} cannot be used: it {} to say what it is", kind.called(), offer.module(), trouble.text());
      return Optional.empty();
    }
    @SuppressWarnings("unchecked") // made three lines above
    Factory<F, P> factory = (Factory<F, P>) said;
    return Optional.of(factory);
  }

  /**
   * What came of building.
   *
   * @param plug empty when the configuration was refused
   * @param refusal why
   */
  record Built<P>(Optional<P> plug, String refusal) {
    static <P> Built<P> refused(String why) {
      return new Built<>(Optional.empty(), why);
    }
  }

  /** Builds a plug-in and waits for it; not on an event loop. Never throws. */
  Built<P> build(PlugSpec spec) {
    CompletableFuture<Built<P>> told = new CompletableFuture<>();
    guard.callLater(
        (asked, wanted) -> {
          Built<P> built = build(asked, wanted);
          if (told.isDone()) {
            discard(built);
          }
          return built;
        },
        service, spec, trouble -> Built.<P>refused("it " + trouble.text()), () -> {}, told::complete);
    try {
      return told.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      told.complete(Built.refused("interrupted"));
      return told.join();
    } catch (ExecutionException e) {
      return Built.refused(String.valueOf(e.getCause()));
    }
  }

  private Built<P> build(F asked, PlugSpec spec) {
    Fields fields = Fields.of(spec.config(), "config");
    P made = null;
    String thrown = "";
    try {
      made = kind.build().apply(asked, fields);
    } catch (RuntimeException e) {
      thrown = String.valueOf(e.getMessage() == null ? e : e.getMessage());
    }
    // One that threw has not asked for all its fields; that they are there is not what is wrong.
    List<Finding> findings = made == null ? fields.findings() : fields.close();
    String wrong =
        findings.stream()
            .filter(each -> each.severity() == Finding.Severity.ERROR)
            .map(Finding::toString)
            .collect(Collectors.joining("; "));
    Built<P> built = new Built<>(Optional.ofNullable(made), "");
    if (!wrong.isEmpty()) {
      discard(built);
      return Built.refused(wrong);
    }
    return made == null ? Built.refused(thrown.isEmpty() ? "it made none" : thrown) : built;
  }

  private void discard(Built<P> built) {
    built.plug().ifPresent(
        each -> {
          try {
            each.close();
          } catch (Exception | LinkageError e) {
            LOG.warn("a {} {} failed to close", kind.called(), name, e);
          }
        });
  }
}
