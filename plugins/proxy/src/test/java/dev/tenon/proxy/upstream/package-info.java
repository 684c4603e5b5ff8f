/** Asks one stage alone. */
@NullMarked
package dev.tenon.proxy.upstream;

import org.jspecify.annotations.NullMarked;
