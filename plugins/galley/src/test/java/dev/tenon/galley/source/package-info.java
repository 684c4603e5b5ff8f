/** Tests of the stage. */
@NullMarked
package dev.tenon.galley.source;

import org.jspecify.annotations.NullMarked;
