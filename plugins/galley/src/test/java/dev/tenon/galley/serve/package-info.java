/** Tests of the stage. */
@NullMarked
package dev.tenon.galley.serve;

import org.jspecify.annotations.NullMarked;
