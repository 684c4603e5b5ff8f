/** What the tests of all stages share: a mesh in a few words, and what a proxy would do with its routes. */
@NullMarked
package dev.tenon.pilot.support;

import org.jspecify.annotations.NullMarked;
