/** The adapter that looks a value up in a list. */
@NullMarked
package dev.tenon.adapter.listchecker;

import org.jspecify.annotations.NullMarked;
