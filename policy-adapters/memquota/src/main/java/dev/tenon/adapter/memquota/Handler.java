package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Answered;
import dev.tenon.quotas.Quota;
import dev.tenon.quotas.QuotaTable;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One configured memquota. */
final class Handler implements QuotaAdapter {
  private final QuotaTable table;
  private final Store store;
  private final Repeats repeats;
  private final Runnable ended;
  private final Answered answered = new Answered();

  Handler(QuotaTable table, Store store, Repeats repeats, Runnable ended) {
    this.table = table;
    this.store = store;
    this.repeats = repeats;
    this.ended = ended;
  }

  @Override
  public Grant take(Instance instance, Charge charge) {
    return answered.with(charge, grant(instance, charge));
  }

  private Grant grant(Instance instance, Charge charge) {
    Quota quota = table.of(instance);
    Map<?, ?> dimensions = QuotaTable.dimensions(instance);
    String key = quota.key(instance.name(), dimensions);
    String question = charge.deduplicationId();
    if (question.isEmpty()) {
      return store.take(key, instance.name(), quota.limit(dimensions), charge);
    }
    return repeats.once(
        key + " " + question, () -> store.take(key, instance.name(), quota.limit(dimensions), charge));
  }

  @Override
  public Grant.Standing standing(Instance instance) {
    Quota quota = table.of(instance);
    Map<?, ?> dimensions = QuotaTable.dimensions(instance);
    return store.standing(quota.key(instance.name(), dimensions), quota.limit(dimensions));
  }

  @Override
  public Top top(int most) {
    return store.top(most);
  }

  @Override
  public boolean reset(String key) {
    return store.reset(key);
  }

  @Override
  public List<Family> figures() {
    List<Family> all = new ArrayList<>(answered.figures("memquota_adapter"));
    all.add(new Family("memquota_adapter_keys", Kind.GAUGE, List.of(Sample.of(Map.of(), store.size()))));
    return all;
  }

  @Override
  public void close() {
    ended.run();
  }
}
