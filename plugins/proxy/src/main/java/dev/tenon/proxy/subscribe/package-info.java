/**
 * Talks to the control plane: one delta ADS stream, kept alive and reconnected, whose resources are
 * handed to an {@link dev.tenon.proxy.subscribe.Intake} and acknowledged or refused as that says.
 *
 * <p>Start at {@link dev.tenon.proxy.subscribe.Link}. Nothing here knows what a resource means.
 */
@NullMarked
package dev.tenon.proxy.subscribe;

import org.jspecify.annotations.NullMarked;
