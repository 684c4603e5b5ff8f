/** Tests of the agent's stage {@code read}. */
@NullMarked
package dev.tenon.agent.read;

import org.jspecify.annotations.NullMarked;
