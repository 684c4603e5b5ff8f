/** Asks Consul over HTTP; every answer bounded in size and time. Start at {@link dev.tenon.registry.consul.ask.Consul}. */
@NullMarked
package dev.tenon.registry.consul.ask;

import org.jspecify.annotations.NullMarked;
