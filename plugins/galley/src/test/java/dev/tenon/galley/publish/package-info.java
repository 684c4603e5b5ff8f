/** Tests of the stage. */
@NullMarked
package dev.tenon.galley.publish;

import org.jspecify.annotations.NullMarked;
