/** Proxies that ask one policy service over loopback. */
@NullMarked
package dev.tenon.mixer.share;

import org.jspecify.annotations.NullMarked;
