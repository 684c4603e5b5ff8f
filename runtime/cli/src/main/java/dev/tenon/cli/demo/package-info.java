/**
 * A whole mesh of real processes on loopback, and what it shows. Start at {@link dev.tenon.cli.demo.Demo}, which is the
 * script.
 */
@NullMarked
package dev.tenon.cli.demo;

import org.jspecify.annotations.NullMarked;
