/** The adapter that denies whatever its rule matches. */
@NullMarked
package dev.tenon.adapter.denier;

import org.jspecify.annotations.NullMarked;
