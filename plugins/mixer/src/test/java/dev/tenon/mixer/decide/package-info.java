/** Tests of the stage. */
@NullMarked
package dev.tenon.mixer.decide;

import org.jspecify.annotations.NullMarked;
