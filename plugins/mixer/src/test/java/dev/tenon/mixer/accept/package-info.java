/** Tests of the stage. */
@NullMarked
package dev.tenon.mixer.accept;

import org.jspecify.annotations.NullMarked;
