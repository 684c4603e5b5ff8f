/** Tests of the stage. */
@NullMarked
package dev.tenon.mixer.parse;

import org.jspecify.annotations.NullMarked;
