package dev.tenon.spi.traffic;

/**
 * One configured filter. Thread-safe: called for many requests at once, and told of each by a view that
 * is valid during the call only.
 *
 * <p>A filter sees heads, never bodies: a request's body is not held back for it. It is called once for
 * each request, whatever the protocol: HTTP/1.1 messages, HTTP/2 streams, gRPC calls, the opening of a
 * WebSocket. Raw TCP connections have no head and are not shown to filters.
 *
 * <p>A call that throws, or is late, counts as the filter's failure: the {@code onFailure} of the
 * object that placed it decides whether the request goes on without it or is answered 503.
 */
public interface RequestFilter extends AutoCloseable {
  /**
   * Looks at a request before it is sent on. May change its head; when it does, the route is looked for
   * again by what the head says then.
   *
   * @return {@link Step#CONTINUE}, or an answer in the upstream's place
   */
  Step onRequest(RequestHead request);

  /**
   * Looks at the head of the answer before it is sent to the caller, be it the upstream's or the
   * proxy's own; in the reverse order of the filters. Called on the event loop whatever {@link
   * RequestFilterFactory#nonBlocking} says: it must only compute. It is called on the filter that is
   * installed then; what its {@link #onRequest} wants to tell it stands in {@link RequestHead#note}.
   *
   * @param request as it was sent; its changes are refused with {@link IllegalStateException}
   */
  default void onResponse(RequestHead request, ResponseHead response) {}

  /** Frees what the filter holds; no call is under way. */
  @Override
  default void close() {}
}
