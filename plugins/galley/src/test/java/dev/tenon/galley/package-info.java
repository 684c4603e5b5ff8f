/** Tests of galley. */
@NullMarked
package dev.tenon.galley;

import org.jspecify.annotations.NullMarked;
