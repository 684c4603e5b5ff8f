/** Tests of the stage. */
@NullMarked
package dev.tenon.galley.validate;

import org.jspecify.annotations.NullMarked;
