/** Asks one stage alone. */
@NullMarked
package dev.tenon.proxy.loop;

import org.jspecify.annotations.NullMarked;
