/** Tests of the agent's stage {@code join}. */
@NullMarked
package dev.tenon.agent.join;

import org.jspecify.annotations.NullMarked;
