/**
 * The proxy as a module: wires the stages together and walks them through a generation's life.
 *
 * <p>Start at {@link dev.tenon.proxy.DataPlane}.
 */
@NullMarked
package dev.tenon.proxy;

import org.jspecify.annotations.NullMarked;
