package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.HeadParser;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.http.Octets;
import dev.tenon.proxy.http.Target;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request. Used again for the next one of its connection; not thread-safe. The
 * path may lie in other bytes than the head once it was made normal.
 */
public final class Call {
  private static final byte[] NONE = {};
  private static final int KEPT = 4096;
  private static final int MOST_NOTES = 16;
  private static final int LONGEST_NOTE = 1024;
  private final Head head = new Head();
  private final Target target = new Target();
  private final byte[] requestId = new byte[RequestId.LENGTH];
  private byte[] pathBytes = new byte[0];
  private int pathAt;
  private int pathEnd;
  private int targetEnd;
  private boolean requestIdMade;
  private byte[] changed = NONE;
  private Map<String, String> notes = Map.of();
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
    notes = Map.of();
    changed = changed.length > KEPT ? NONE : changed;
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

  /** Puts scheme and authority, where the target has them. */
  void putOrigin(Bytes out) {
    if (target.absolute()) {
      out.put(head.bytes(), head.targetAt(), target.pathAt() - head.targetAt());
    }
  }

  /**
   * Takes another head in the place of its own, of the same body. What lies in the bytes before stays
   * as it is.
   *
   * @param maxFields more are refused
   * @return false when it cannot be read; then nothing of this call can be used
   */
  public boolean change(Bytes to, int maxFields) {
    changed = changed.length >= to.size() && changed.length <= KEPT ? changed : new byte[Math.max(1024, to.size())];
    System.arraycopy(to.array(), 0, changed, 0, to.size());
    if (HeadParser.request(changed, 0, to.size(), maxFields, head) != to.size() || !target.read(head)) {
      head.unread(0);
      nothing();
      return false;
    }
    requestIdMade &= head.find(Name.REQUEST_ID) < 0;
    path(head.bytes(), target.pathAt(), target.pathEnd(), target.end());
    return true;
  }

  /** A copy that another thread may read while this call goes on. */
  public Call copy(Bytes written, int maxFields) {
    Call copy = new Call();
    copy.peer = peer;
    copy.local = local;
    copy.requestIdMade = requestIdMade;
    System.arraycopy(requestId, 0, copy.requestId, 0, requestId.length);
    copy.notes = notes;
    copy.change(written, maxFields);
    return copy;
  }

  /** What was noted for it; immutable. */
  public Map<String, String> notes() {
    return notes;
  }

  /** Takes what was noted elsewhere. */
  public void notes(Map<String, String> all) {
    notes = all;
  }

  void note(String name, String value) {
    if (value.length() > LONGEST_NOTE || name.length() > LONGEST_NOTE) {
      throw new IllegalStateException("a note has at most " + LONGEST_NOTE + " characters");
    }
    if (notes.size() >= MOST_NOTES && !notes.containsKey(name)) {
      throw new IllegalStateException("more than " + MOST_NOTES + " notes for one request");
    }
    Map<String, String> more = new HashMap<>(notes);
    more.put(name, value);
    notes = Map.copyOf(more);
  }

  /** Its {@code x-request-id}, or null when it has none. */
  public @Nullable String requestId() {
    return requestIdMade ? Octets.text(requestId, 0, requestId.length) : head.joined("x-request-id");
  }

  /** Nothing of it could be read. */
  public void nothing() {
    requestIdMade = false;
    notes = Map.of();
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
