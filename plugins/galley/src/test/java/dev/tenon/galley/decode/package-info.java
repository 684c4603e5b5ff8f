/** Tests of the decoder. */
@NullMarked
package dev.tenon.galley.decode;

import org.jspecify.annotations.NullMarked;
