/** Against a real Redis. */
@NullMarked
package dev.tenon.adapter.redisquota;

import org.jspecify.annotations.NullMarked;
