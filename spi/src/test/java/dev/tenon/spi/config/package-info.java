/** Tests of what configuration is read with. */
@NullMarked
package dev.tenon.spi.config;

import org.jspecify.annotations.NullMarked;
