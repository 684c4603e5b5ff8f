@NullMarked
package dev.tenon.agent.probe;

import org.jspecify.annotations.NullMarked;
