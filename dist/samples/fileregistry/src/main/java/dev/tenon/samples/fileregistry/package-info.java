/** A registry written against spi alone: services that a file lists. */
@NullMarked
package dev.tenon.samples.fileregistry;

import org.jspecify.annotations.NullMarked;
