/** Tests of the four services together, behind a proxy that stands where a sidecar would. */
@NullMarked
package dev.tenon.samples.bookinfo;

import org.jspecify.annotations.NullMarked;
