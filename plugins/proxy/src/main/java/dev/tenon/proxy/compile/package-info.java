/**
 * Makes immutable records with prebuilt matchers of the resources that the control plane sends.
 *
 * <p>Start at {@link dev.tenon.proxy.compile.Table}. The records know no protobuf and are compared by
 * value; the request path reads nothing else.
 */
@NullMarked
package dev.tenon.proxy.compile;

import org.jspecify.annotations.NullMarked;
