/**
 * The benchmarks themselves and the command that runs one. Start here with {@code Main}.
 */
@NullMarked
package dev.tenon.bench.run;

import org.jspecify.annotations.NullMarked;
