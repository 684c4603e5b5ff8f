/** The catalog of all data centres together. Start at {@link dev.tenon.registry.consul.publish.ConsulRegistry}. */
@NullMarked
package dev.tenon.registry.consul.publish;

import org.jspecify.annotations.NullMarked;
