/**
 * The servers in a benchmark: the contestants, and the backend that all of them share. Start here with {@code Contestant}.
 */
@NullMarked
package dev.tenon.bench.contend;

import org.jspecify.annotations.NullMarked;
