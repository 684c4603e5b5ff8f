/** Istio's YAML below a prefix of Consul's store. Start at {@link dev.tenon.registry.consul.configure.KeyConfig}. */
@NullMarked
package dev.tenon.registry.consul.configure;

import org.jspecify.annotations.NullMarked;
