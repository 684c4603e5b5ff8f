/**
 * Decides what each kind of proxy may see, and resolves all names in it; pure. Start at {@link
 * dev.tenon.pilot.scope.Scoper}.
 */
@NullMarked
package dev.tenon.pilot.scope;

import org.jspecify.annotations.NullMarked;
