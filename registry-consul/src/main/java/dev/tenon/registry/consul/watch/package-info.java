/** Follows one data centre: what differs is read again. Start at {@link dev.tenon.registry.consul.watch.Datacenter}. */
@NullMarked
package dev.tenon.registry.consul.watch;

import org.jspecify.annotations.NullMarked;
