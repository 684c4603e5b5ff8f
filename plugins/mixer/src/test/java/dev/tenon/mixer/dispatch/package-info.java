/** Tests of the stage. */
@NullMarked
package dev.tenon.mixer.dispatch;

import org.jspecify.annotations.NullMarked;
