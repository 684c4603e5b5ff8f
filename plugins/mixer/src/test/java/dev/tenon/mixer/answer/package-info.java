@NullMarked
package dev.tenon.mixer.answer;

import org.jspecify.annotations.NullMarked;
