/** Tests of the agent. */
@NullMarked
package dev.tenon.agent;

import org.jspecify.annotations.NullMarked;
