/** What Consul knows, as a registry of the mesh. Start at {@link dev.tenon.registry.consul.ConsulModule}. */
@NullMarked
package dev.tenon.registry.consul;

import org.jspecify.annotations.NullMarked;
