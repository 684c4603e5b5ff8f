/** Answers operators: what policy there is, what counters stand at, what would become of a request. Start at {@link dev.tenon.mixer.operate.PolicyService}. */
@NullMarked
package dev.tenon.mixer.operate;

import org.jspecify.annotations.NullMarked;
