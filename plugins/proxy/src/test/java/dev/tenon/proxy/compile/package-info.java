/** Tests of what becomes of resources. */
@NullMarked
package dev.tenon.proxy.compile;

import org.jspecify.annotations.NullMarked;
