package dev.tenon.adapter.memquota;

import dev.tenon.quotas.Quota;
import dev.tenon.quotas.QuotaTable;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import java.util.Map;

/** One configured memquota. */
final class Handler implements QuotaAdapter {
  private final QuotaTable table;
  private final Store store;
  private final Repeats repeats;
  private final Runnable ended;

  Handler(QuotaTable table, Store store, Repeats repeats, Runnable ended) {
    this.table = table;
    this.store = store;
    this.repeats = repeats;
    this.ended = ended;
  }

  @Override
  public Grant take(Instance instance, Charge charge) {
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
  public void close() {
    ended.run();
  }
}
