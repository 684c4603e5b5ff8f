/**
 * Structured text with positions: how configuration is read strictly, whoever reads it.
 *
 * <p>The kernel parses text to {@link dev.tenon.spi.config.Node}s; galley, adapters and modules read
 * them through {@link dev.tenon.spi.config.Fields}, so that every error names file, line, column and
 * field. {@link dev.tenon.spi.config.Validator} is the plug point of modules that give a kind its
 * meaning, {@link dev.tenon.spi.config.ConfigSource} that of places where configuration lies, {@link
 * dev.tenon.spi.config.ConfigStore} of those that it can be written to. Start at {@code Fields}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
