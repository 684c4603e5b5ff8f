package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Octets;
import dev.tenon.proxy.http.Target;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request. Used again for the next one of its connection; not thread-safe. The
 * path may lie in other bytes than the head once it was made normal.
 */
public final class Call {
  private final Head head = new Head();
  private final Target target = new Target();
  private final byte[] requestId = new byte[RequestId.LENGTH];
  private byte[] pathBytes = new byte[0];
  private int pathAt;
  private int pathEnd;
  private int targetEnd;
  private boolean requestIdMade;
  private @Nullable InetSocketAddress peer;
  private @Nullable InetSocketAddress local;

  /** Its head, parsed by whoever reads the connection. */
  public Head head() {
    return head;
  }

  public Target target() {
    return target;
  }

  /** Takes the target apart. False: the head says what is wrong. */
  public boolean begin(@Nullable InetSocketAddress from, @Nullable InetSocketAddress at) {
    peer = from;
    local = at;
    requestIdMade = false;
    path(head.bytes(), head.targetAt(), head.targetEnd(), head.targetEnd());
    if (!target.read(head)) {
      target.nothing();
      return false;
    }
    path(head.bytes(), target.pathAt(), target.pathEnd(), target.end());
    return true;
  }

  void path(byte[] bytes, int at, int end, int queryEnd) {
    pathBytes = bytes;
    pathAt = at;
    pathEnd = end;
    targetEnd = queryEnd;
  }

  byte[] pathBytes() {
    return pathBytes;
  }

  int pathAt() {
    return pathAt;
  }

  int pathEnd() {
    return pathEnd;
  }

  /** The place after the query. */
  int targetEnd() {
    return targetEnd;
  }

  /** The path without its query. */
  public String path() {
    return Octets.text(pathBytes, pathAt, pathEnd);
  }

  /** The path with its query. */
  public String pathAndQuery() {
    return Octets.text(pathBytes, pathAt, targetEnd);
  }

  public String method() {
    return Octets.text(head.bytes(), head.start(), head.methodEnd());
  }

  /** Host and port as the caller wrote them. */
  public String authority() {
    return Octets.text(head.bytes(), target.authorityAt(), target.authorityEnd());
  }

  /** Puts the path with its query. */
  public void putPathAndQuery(Bytes out) {
    out.put(pathBytes, pathAt, targetEnd - pathAt);
  }

  /** Puts host and port as the caller wrote them, or a hyphen. */
  public void putAuthority(Bytes out) {
    int length = target.authorityEnd() - target.authorityAt();
    if (length == 0) {
      out.put('-');
    } else {
      out.put(head.bytes(), target.authorityAt(), length);
    }
  }

  /** Nothing of it could be read. */
  public void nothing() {
    requestIdMade = false;
    target.nothing();
    pathAt = 0;
    pathEnd = 0;
    targetEnd = 0;
  }

  /** Where the connection comes from; null when that cannot be said. */
  public @Nullable InetSocketAddress peer() {
    return peer;
  }

  /** Where it was accepted. */
  public @Nullable InetSocketAddress local() {
    return local;
  }

  /** Gives it an identity of 36 characters. */
  public void makeRequestId(long high, long low) {
    RequestId.write(requestId, high, low);
    requestIdMade = true;
  }

  /** The identity that was made for it, or null when it brought one or has none. */
  public byte @Nullable [] madeRequestId() {
    return requestIdMade ? requestId : null;
  }
}
