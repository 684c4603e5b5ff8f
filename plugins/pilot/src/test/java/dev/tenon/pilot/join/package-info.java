/** Tests of this stage. */
@NullMarked
package dev.tenon.pilot.join;

import org.jspecify.annotations.NullMarked;
