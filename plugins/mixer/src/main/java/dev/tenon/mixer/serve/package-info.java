/** Answers other processes' questions about handlers of this one. Start at {@link dev.tenon.mixer.serve.SharedService}. */
@NullMarked
package dev.tenon.mixer.serve;

import org.jspecify.annotations.NullMarked;
