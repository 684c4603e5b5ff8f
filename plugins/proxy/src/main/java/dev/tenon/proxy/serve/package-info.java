/**
 * The request path, assembled: connections of callers, and what becomes of each request.
 *
 * <p>Start at {@link dev.tenon.proxy.serve.RequestPath}, which lists the layers from top to bottom.
 */
@NullMarked
package dev.tenon.proxy.serve;

import org.jspecify.annotations.NullMarked;
