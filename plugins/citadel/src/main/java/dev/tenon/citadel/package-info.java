/**
 * The mesh's authority. keep → sign → attest → rotate → serve.
 *
 * <p>Start at {@link dev.tenon.citadel.CitadelModule}.
 */
@NullMarked
package dev.tenon.citadel;

import org.jspecify.annotations.NullMarked;
