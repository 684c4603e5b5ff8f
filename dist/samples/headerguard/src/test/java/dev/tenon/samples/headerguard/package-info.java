/** A policy adapter written against spi alone: requests with a certain header are denied. */
@NullMarked
package dev.tenon.samples.headerguard;

import org.jspecify.annotations.NullMarked;
