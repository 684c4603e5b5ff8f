/**
 * Figures, the bars they are held against, and the one line of JSON that a benchmark ends with. Pure functions of
 * records.
 */
@NullMarked
package dev.tenon.bench.judge;

import org.jspecify.annotations.NullMarked;
