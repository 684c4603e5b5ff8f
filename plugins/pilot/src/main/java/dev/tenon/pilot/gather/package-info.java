/** Listens to every registry and to the rules, and passes both on once all of them have spoken. */
@NullMarked
package dev.tenon.pilot.gather;

import org.jspecify.annotations.NullMarked;
