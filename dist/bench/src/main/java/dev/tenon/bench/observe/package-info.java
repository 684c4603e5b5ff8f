/**
 * What the kernel tells about a process and a core, and the rounds made of it. Reads /proc alone; decides which round
 * is void.
 */
@NullMarked
package dev.tenon.bench.observe;

import org.jspecify.annotations.NullMarked;
