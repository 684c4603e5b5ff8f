/**
 * What is to be said of objects beside each other: references that lead nowhere, claims that collide.
 *
 * <p>Pure functions; warnings alone, with Istio's analysis codes, since the order of apply and delete
 * is free. Start at {@link dev.tenon.galley.validate.Analysis}.
 */
@NullMarked
package dev.tenon.galley.validate;

import org.jspecify.annotations.NullMarked;
