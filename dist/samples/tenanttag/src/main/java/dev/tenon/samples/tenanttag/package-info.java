/** A request filter written against spi alone: keys of callers become the tenants that they belong to. */
@NullMarked
package dev.tenon.samples.tenanttag;

import org.jspecify.annotations.NullMarked;
