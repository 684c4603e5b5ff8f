/** A source of configuration written against spi alone: the objects of one file. */
@NullMarked
package dev.tenon.samples.fileconfig;

import org.jspecify.annotations.NullMarked;
