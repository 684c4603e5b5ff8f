/** Workloads of the mesh, registered in Consul. Start at {@link dev.tenon.registry.consul.register.Registrations}. */
@NullMarked
package dev.tenon.registry.consul.register;

import org.jspecify.annotations.NullMarked;
