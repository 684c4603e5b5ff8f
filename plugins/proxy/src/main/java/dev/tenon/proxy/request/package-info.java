/**
 * Finds what is to be done with a request and writes the heads that say so: routes, paths, header
 * changes, attributes for policy, failures.
 *
 * <p>Everything here computes. Start at {@link dev.tenon.proxy.request.Call}.
 */
@NullMarked
package dev.tenon.proxy.request;

import org.jspecify.annotations.NullMarked;
