/** Tests of this stage. */
@NullMarked
package dev.tenon.pilot.gather;

import org.jspecify.annotations.NullMarked;
