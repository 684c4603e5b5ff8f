@NullMarked
package dev.tenon.citadel;

import org.jspecify.annotations.NullMarked;
