/** Answers operators' questions about Consul. Start at {@link dev.tenon.registry.consul.serve.ConsulAdminService}. */
@NullMarked
package dev.tenon.registry.consul.serve;

import org.jspecify.annotations.NullMarked;
