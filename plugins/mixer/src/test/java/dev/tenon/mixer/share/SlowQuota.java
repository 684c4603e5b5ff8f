package dev.tenon.mixer.share;

import dev.tenon.adapter.memquota.MemQuota;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.Set;

/** Counts as memquota does, and answers after a while, as when what counts is far away. */
record SlowQuota(MemQuota counted, Duration after) implements AdapterFactory {
  @Override
  public String name() {
    return counted.name();
  }

  @Override
  public Set<Template> templates() {
    return counted.templates();
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    QuotaAdapter quota = (QuotaAdapter) counted.build(handler, params);
    return (QuotaAdapter) (instance, charge) -> {
      try {
        Thread.sleep(after);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return quota.take(instance, charge);
    };
  }
}
