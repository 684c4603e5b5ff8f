/** Tests of the stage. */
@NullMarked
package dev.tenon.mixer.check;

import org.jspecify.annotations.NullMarked;
