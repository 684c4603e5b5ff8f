/** The proxy as a whole, asked over real sockets; and the tools for that. */
@NullMarked
package dev.tenon.proxy;

import org.jspecify.annotations.NullMarked;
