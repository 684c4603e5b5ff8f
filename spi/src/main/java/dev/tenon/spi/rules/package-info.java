/**
 * Validated intent: what operators asked for, after galley has decoded and checked it.
 *
 * <p>Galley makes these records, pilot translates them, mixer compiles the policy ones. Start at
 * {@link dev.tenon.spi.rules.RuleSet}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.rules;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
