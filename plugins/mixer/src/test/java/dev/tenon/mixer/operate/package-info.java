/** Tests of what operators are told. */
@NullMarked
package dev.tenon.mixer.operate;

import org.jspecify.annotations.NullMarked;
