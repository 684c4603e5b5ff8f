/**
 * Who may administer this process: its own user on this machine, and from afar whoever has a token. Start
 * at {@link dev.tenon.kernel.admit.Tokens}.
 */
@NullMarked
package dev.tenon.kernel.admit;

import org.jspecify.annotations.NullMarked;
