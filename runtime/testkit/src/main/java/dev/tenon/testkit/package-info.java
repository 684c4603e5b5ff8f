/**
 * For the tests of plug-ins: a real kernel in the test's own JVM. Start at {@link
 * dev.tenon.testkit.Unloading}; {@link dev.tenon.testkit.TestKernel} is what it stands on.
 */
@NullMarked
package dev.tenon.testkit;

import org.jspecify.annotations.NullMarked;
