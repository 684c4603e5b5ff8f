@NullMarked
package dev.tenon.cli.vm;

import org.jspecify.annotations.NullMarked;
