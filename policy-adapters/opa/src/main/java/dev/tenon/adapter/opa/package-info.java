/** The adapter that asks an Open Policy Agent. Start at {@link dev.tenon.adapter.opa.Opa}. */
@NullMarked
package dev.tenon.adapter.opa;

import org.jspecify.annotations.NullMarked;
