/**
 * Load: wrk as fast as it goes, and an open loop at a fixed rate.
 */
@NullMarked
package dev.tenon.bench.drive;

import org.jspecify.annotations.NullMarked;
