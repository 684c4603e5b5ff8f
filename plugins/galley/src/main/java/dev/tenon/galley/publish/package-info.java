/**
 * What is in force: merges what the files say with what held before, and publishes it as one rule set.
 *
 * <p>Start at {@link dev.tenon.galley.publish.Configuration}; {@link dev.tenon.galley.publish.Editor}
 * changes it.
 */
@NullMarked
package dev.tenon.galley.publish;

import org.jspecify.annotations.NullMarked;
