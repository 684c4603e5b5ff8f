/** Tests of this stage. */
@NullMarked
package dev.tenon.pilot.serve;

import org.jspecify.annotations.NullMarked;
