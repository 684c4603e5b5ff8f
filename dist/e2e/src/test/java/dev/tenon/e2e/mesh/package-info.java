/** What the end-to-end tests stand on: a mesh of real processes on addresses of its own, load on it, jars for it. */
@NullMarked
package dev.tenon.e2e.mesh;

import org.jspecify.annotations.NullMarked;
