/**
 * The plug point of telemetry: sinks that are told of finished requests and of all figures.
 *
 * <p>Implemented by plug-ins, as plain jars or bundles; called by the proxy, off its event loops, one
 * call at a time for each sink. Start at {@link dev.tenon.spi.telemetry.SinkFactory}. The records are
 * made by the proxy and by tests; read them by their accessors, since one may gain components in a minor
 * version.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
