/** A balancer written against spi alone: requests with one value of a header go to one host. */
@NullMarked
package dev.tenon.samples.stickyhash;

import org.jspecify.annotations.NullMarked;
