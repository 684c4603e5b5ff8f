/**
 * The mixer module: offers the policy engine to the proxy and, to galley, a validator of policy.
 * Stages: parse → check → evaluate, the expression language; accept → dispatch → decide, the engine.
 * Start at {@link dev.tenon.mixer.MixerModule}.
 */
@NullMarked
package dev.tenon.mixer;

import org.jspecify.annotations.NullMarked;
