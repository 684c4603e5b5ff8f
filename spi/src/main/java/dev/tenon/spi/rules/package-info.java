/**
 * Validated intent: what operators asked for, after galley has decoded and checked it.
 *
 * <p>Galley makes these records, pilot translates them, mixer compiles the policy ones. Start at
 * {@link dev.tenon.spi.rules.RuleSet}.
 *
 * <p>SPI version: 1.0
 */
@NullMarked
package dev.tenon.spi.rules;

import org.jspecify.annotations.NullMarked;
