@NullMarked
package dev.tenon.citadel.attest;

import org.jspecify.annotations.NullMarked;
