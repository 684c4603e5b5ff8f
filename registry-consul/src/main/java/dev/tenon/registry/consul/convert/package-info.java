/** Makes services and workloads of instances; pure. Start at {@link dev.tenon.registry.consul.convert.Conversion}. */
@NullMarked
package dev.tenon.registry.consul.convert;

import org.jspecify.annotations.NullMarked;
