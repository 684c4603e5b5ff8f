package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.spi.traffic.RequestHead;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's head as a plug-in sees it; what it changes is put into force by {@link #writeTo}. */
public final class RequestView extends HeadView implements RequestHead {
  private static final String KEEP_ALIVE = "connection: keep-alive";
  private static final String CLOSE = "connection: close";

  private final Edits own = new Edits();
  private Call call = new Call();
  private String peerWorkload = "";
  private @Nullable String path;
  private @Nullable String pathMarked;

  /**
   * Shows a call.
   *
   * @param workload who lives at the caller's address; empty when unknown
   */
  public RequestView show(Call shown, String workload) {
    call = shown;
    peerWorkload = workload;
    path = null;
    own.clear();
    show(shown.head(), own);
    if (shown.head().connections() > 0) {
      // What the caller named for its connection alone goes now: it must not take a plug-in's field with it later.
      HopByHop.drop(shown.head(), own);
    }
    return this;
  }

  /** Shows a call that was sent already. */
  public RequestView showFixed(Call shown, String workload) {
    show(shown, workload);
    fix();
    return this;
  }

  /**
   * A field to add to an answer.
   *
   * @throws IllegalArgumentException when it cannot be sent
   */
  public static HeaderOps.Op field(String name, String value) {
    return new HeaderOps.Put(changeable(name), checked(value), HeaderOps.When.APPEND);
  }

  /** What was noted for the call. */
  public Map<String, String> notes() {
    return call.notes();
  }

  /** Whether anything is to be put into force. */
  public boolean changed() {
    return path != null || own.any();
  }

  @Override
  public void mark() {
    super.mark();
    pathMarked = path;
  }

  @Override
  public void undo() {
    super.undo();
    path = pathMarked;
  }

  /** Writes the head as it was changed: one that can be parsed like any that came. */
  public void writeTo(Bytes out) {
    shown();
    out.put(call.head().bytes(), call.head().start(), call.head().methodEnd() - call.head().start()).put(' ');
    call.putOrigin(out);
    if (path == null) {
      call.putPathAndQuery(out);
    } else {
      out.put(path);
    }
    out.put(call.head().minorVersion() == 0 ? " HTTP/1.0" : " HTTP/1.1").line();
    own.putKept(call.head(), out);
    if (call.head().connections() > 0) {
      out.put(call.head().persistent() ? KEEP_ALIVE : CLOSE).line();
    }
    own.putAdded(out);
    out.line();
  }

  @Override
  public @Nullable String header(String name) {
    String said = super.header(name);
    return said == null && name.equalsIgnoreCase("x-request-id") ? call.requestId() : said;
  }

  @Override
  public String method() {
    shown();
    return call.method();
  }

  @Override
  public String scheme() {
    shown();
    return "http";
  }

  @Override
  public String authority() {
    shown();
    return call.authority();
  }

  @Override
  public String path() {
    shown();
    return path == null ? call.pathAndQuery() : path;
  }

  @Override
  public void path(String to) {
    count();
    if (!to.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash");
    }
    for (int i = 0; i < to.length(); i++) {
      char c = to.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw new IllegalArgumentException("a path cannot hold the character " + (int) c);
      }
    }
    path = to;
  }

  @Override
  public String protocol() {
    return shown().minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  @Override
  public @Nullable InetSocketAddress peer() {
    shown();
    return call.peer();
  }

  @Override
  public String peerWorkload() {
    shown();
    return peerWorkload;
  }

  @Override
  public @Nullable String note(String name) {
    shown();
    return call.notes().get(name);
  }

  @Override
  public void note(String name, String value) {
    shown();
    call.note(name, value);
  }
}
