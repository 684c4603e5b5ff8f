/**
 * Configuration: source → decode → validate → publish, and serve for operators.
 *
 * <p>Start at {@link dev.tenon.galley.GalleyModule}, which puts the stages together.
 */
@NullMarked
package dev.tenon.galley;

import org.jspecify.annotations.NullMarked;
