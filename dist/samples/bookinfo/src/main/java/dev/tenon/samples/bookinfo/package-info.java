/**
 * Bookinfo: a book's page put together from four plain HTTP services, for a mesh to route, shift and break.
 *
 * <p>The services know nothing of the mesh except the usual {@code HTTP_PROXY} and {@code NO_PROXY}. Start reading at
 * {@link dev.tenon.samples.bookinfo.Bookinfo}, then {@link dev.tenon.samples.bookinfo.ProductPage}.
 */
@NullMarked
package dev.tenon.samples.bookinfo;

import org.jspecify.annotations.NullMarked;
