/**
 * Who may have a credential, and who has one: tokens, their uses, hosts.
 *
 * <p>Start at {@link dev.tenon.citadel.attest.Attestation}.
 */
@NullMarked
package dev.tenon.citadel.attest;

import org.jspecify.annotations.NullMarked;
