/** {@code tenon token}: who may administer a process from afar. Start at {@link dev.tenon.cli.token.TokenCommand}. */
@NullMarked
package dev.tenon.cli.token;

import org.jspecify.annotations.NullMarked;
