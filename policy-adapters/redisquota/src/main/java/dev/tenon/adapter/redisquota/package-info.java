/** Quotas counted in Redis. Start at {@link dev.tenon.adapter.redisquota.RedisQuota}. */
@NullMarked
package dev.tenon.adapter.redisquota;

import org.jspecify.annotations.NullMarked;
