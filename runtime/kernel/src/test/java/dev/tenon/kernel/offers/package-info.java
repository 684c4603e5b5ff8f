/** Tests of what modules lend each other. */
@NullMarked
package dev.tenon.kernel.offers;

import org.jspecify.annotations.NullMarked;
