package dev.tenon.mixer.dispatch;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An installed adapter factory, asked once what it is.
 *
 * @param module the module or plug-in that offers it
 */
record Plug(
    AdapterFactory factory, String module, String name, Set<Template> templates, boolean nonBlocking, boolean shared) {
  private static final Logger LOG = LoggerFactory.getLogger(Plug.class);

  /** Empty when the factory cannot say what it is; the log has the reason then. */
  static Optional<Plug> of(Offer<AdapterFactory> offer) {
    AdapterFactory factory = offer.service();
    try {
      return Optional.of(
          new Plug(
              factory,
              offer.module(),
              factory.name(),
              Set.copyOf(factory.templates()),
              factory.nonBlocking(),
              factory.shared()));
    } catch (Throwable t) {
      LOG.error("an adapter of {} cannot be used: it fails to say what it is", offer.module(), t);
      return Optional.empty();
    }
  }
}
