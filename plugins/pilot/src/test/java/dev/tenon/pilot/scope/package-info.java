/** Tests of this stage. */
@NullMarked
package dev.tenon.pilot.scope;

import org.jspecify.annotations.NullMarked;
