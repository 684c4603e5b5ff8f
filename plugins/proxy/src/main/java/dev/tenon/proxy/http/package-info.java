/**
 * HTTP/1.1 messages as bytes (RFC 9112): parsing and framing without message objects.
 *
 * <p>Everything here computes; nothing knows sockets. Start at {@link dev.tenon.proxy.http.HeadParser}.
 */
@NullMarked
package dev.tenon.proxy.http;

import org.jspecify.annotations.NullMarked;
