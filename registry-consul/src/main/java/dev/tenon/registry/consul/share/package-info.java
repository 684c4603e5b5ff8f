/** Leases that control planes share, below a prefix of the key-value store. Start at {@link dev.tenon.registry.consul.share.KeyLeases}. */
@NullMarked
package dev.tenon.registry.consul.share;

import org.jspecify.annotations.NullMarked;
