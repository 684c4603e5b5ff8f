/** The adapter that sends spans to Zipkin. Start at {@link dev.tenon.adapter.zipkin.Zipkin}. */
@NullMarked
package dev.tenon.adapter.zipkin;

import org.jspecify.annotations.NullMarked;
