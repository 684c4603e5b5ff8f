/** Reads Consul's answers into records, one bad item at a time; pure. Start at {@link dev.tenon.registry.consul.read.Answers}. */
@NullMarked
package dev.tenon.registry.consul.read;

import org.jspecify.annotations.NullMarked;
