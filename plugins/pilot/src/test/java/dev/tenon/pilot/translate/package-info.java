/** Tests of this stage. */
@NullMarked
package dev.tenon.pilot.translate;

import org.jspecify.annotations.NullMarked;
