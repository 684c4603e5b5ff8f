@NullMarked
package dev.tenon.samples.tcprelay;

import org.jspecify.annotations.NullMarked;
