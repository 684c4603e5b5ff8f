/**
 * Looks into jars, wraps plain ones and gives each a class loader of its own. Start at {@link
 * dev.tenon.kernel.load.Bundles}.
 */
@NullMarked
package dev.tenon.kernel.load;

import org.jspecify.annotations.NullMarked;
