/**
 * The plug point of policy: adapters that check requests, grant quotas, take reports
 * and know more of a request than it says, and the engine that calls them.
 *
 * <p>Adapter authors implement {@link dev.tenon.spi.policy.AdapterFactory}; mixer implements {@link
 * dev.tenon.spi.policy.PolicyEngine}; the proxy calls it. Start at {@code AdapterFactory}.
 */
@NullMarked
@Version("1.0.0")
package dev.tenon.spi.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
