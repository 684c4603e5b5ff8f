/**
 * Makes one mesh of all registries' catalogs and the rules; pure. Start at {@link
 * dev.tenon.pilot.join.Joiner}.
 */
@NullMarked
package dev.tenon.pilot.join;

import org.jspecify.annotations.NullMarked;
