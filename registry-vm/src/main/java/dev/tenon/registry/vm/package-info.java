/**
 * The registry of bare machines: workloads register themselves over gRPC and hold their place with a
 * lease. accept → lease → keep → publish.
 *
 * <p>Start at {@link dev.tenon.registry.vm.Registrar}, which joins the stages.
 */
@NullMarked
package dev.tenon.registry.vm;

import org.jspecify.annotations.NullMarked;
