/** The adapter that looks a value up in a list. Start at {@link ListChecker}. */
@NullMarked
package dev.tenon.adapter.listchecker;

import org.jspecify.annotations.NullMarked;
