package dev.tenon.proxy;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.stream.Source;
import dev.tenon.spi.stream.Subscription;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The figures that other modules add to this process's own, as those modules come and go. */
final class Foreign implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Foreign.class);

  private volatile List<Offer<MetricSource>> sources = List.of();
  private final Subscription offers;

  Foreign(Source<List<Offer<MetricSource>>> offers) {
    this.offers = offers.subscribe(present -> sources = List.copyOf(present));
  }

  /** The figures now; those of a module that fails to say them are left out. */
  List<Family> families() {
    List<Family> all = new ArrayList<>();
    for (Offer<MetricSource> each : sources) {
      try {
        all.addAll(each.service().families());
      } catch (RuntimeException e) {
        LOG.warn("{} does not say its figures", each.module(), e);
      }
    }
    return all;
  }

  @Override
  public void close() {
    offers.close();
    sources = List.of();
  }
}
