/** The tenon command's entry: which words there are, and what each does. */
@NullMarked
package dev.tenon.cli;

import org.jspecify.annotations.NullMarked;
