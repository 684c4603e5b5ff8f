/** Policy written as YAML, adapters that do as they are told, and a kernel just big enough for mixer. */
@NullMarked
package dev.tenon.mixer;

import org.jspecify.annotations.NullMarked;
