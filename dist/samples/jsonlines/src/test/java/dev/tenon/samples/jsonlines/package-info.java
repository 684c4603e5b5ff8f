/** A telemetry sink written against spi alone: each finished request becomes a line of JSON. */
@NullMarked
package dev.tenon.samples.jsonlines;

import org.jspecify.annotations.NullMarked;
