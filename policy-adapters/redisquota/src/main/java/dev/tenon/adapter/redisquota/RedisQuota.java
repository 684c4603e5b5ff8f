package dev.tenon.adapter.redisquota;

import dev.tenon.quotas.Limit;
import dev.tenon.quotas.QuotaTable;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.util.Set;

/**
 * Mixer's {@code redisquota}: quotas counted in Redis, so that any number of policy services have one count. Parameters:
 * {@code quotas} as {@link QuotaTable} reads them, with a {@code validDuration}; {@link Reach} has the rest.
 */
public final class RedisQuota implements AdapterFactory {
  @Override
  public String name() {
    return "redisquota";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.QUOTA);
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
    QuotaTable table = QuotaTable.read(params, Limit.Kind.FIXED, false);
    return new Handler(handler, table, Reach.read(params));
  }
}
