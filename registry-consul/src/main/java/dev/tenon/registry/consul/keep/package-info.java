/** What Consul said last, on disk. Start at {@link dev.tenon.registry.consul.keep.LastView}. */
@NullMarked
package dev.tenon.registry.consul.keep;

import org.jspecify.annotations.NullMarked;
