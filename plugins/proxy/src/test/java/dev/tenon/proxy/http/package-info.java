/** Asks one stage alone. */
@NullMarked
package dev.tenon.proxy.http;

import org.jspecify.annotations.NullMarked;
