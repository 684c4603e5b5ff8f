/**
 * Answers real Envoys: the services of Envoy's API that ask whether a request may go on, whether a limit is reached, and
 * that tell of requests that are over. Start at {@link dev.tenon.mixer.answer.EnvoyServices}.
 */
@NullMarked
package dev.tenon.mixer.answer;

import org.jspecify.annotations.NullMarked;
