/**
 * The plug points of the request path: filters that look at heads, and balancers that choose endpoints.
 *
 * <p>Implemented by plug-ins, as plain jars or bundles; called by the proxy, on its event loops unless a
 * factory says that its filters block. Start at {@link dev.tenon.spi.traffic.RequestFilterFactory} or
 * {@link dev.tenon.spi.traffic.BalancerFactory}. What a plug-in is given ({@link
 * dev.tenon.spi.traffic.RequestHead}, {@link dev.tenon.spi.traffic.ResponseHead}, {@link
 * dev.tenon.spi.traffic.PickRequest}) is implemented by the proxy alone, so such a type may gain methods
 * in a minor version.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.traffic;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
