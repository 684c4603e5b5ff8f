package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.Rewrite;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.WeightedCluster;
import dev.tenon.proxy.http.Body;
import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Problem;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Flags;
import dev.tenon.proxy.request.ResponseWriter.Framing;
import dev.tenon.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What passes between a caller and an endpoint once they have a connection: the request one way, its
 * answer the other, neither faster than its reader. Belongs to a {@link Forwarding} and is used again
 * with it.
 */
final class Passage {
  /** A body up to this size can be sent once more. */
  private static final int MOST_KEPT = 64 * 1024;

  private final Exchange x;
  private final Lane lane;
  private final LoopState loop;
  private final Deadlines deadlines;
  private final Relay toUpstream;
  private final Relay toCaller;
  private @Nullable Body answer;
  private boolean kept;
  private boolean keepCaller;

  Passage(Exchange x, Lane lane, Deadlines deadlines) {
    this.x = x;
    this.lane = lane;
    this.loop = lane.loop();
    this.deadlines = deadlines;
    this.toUpstream = new Relay(loop);
    this.toCaller = new Relay(loop);
  }

  void clear() {
    answer = null;
    kept = true;
    toCaller.begin(Framing.SAME);
  }

  /** Octets of the answer's body. */
  long sent() {
    return toCaller.passed();
  }

  /** Whether all that was sent of the request's body is still there. */
  boolean repeatable() {
    return kept;
  }

  /** Whether the answer is one that the end of its connection ends as it should. */
  boolean endsWithConnection() {
    Body body = answer;
    return body != null && body.closed();
  }

  /** Sends the head, and what has come of the body. Returns what is wrong with the body; then nothing was sent. */
  @Nullable Problem send(UpstreamConnection to, Route by, WeightedCluster chosen, Rewrite rewrite) {
    Call call = x.call();
    Bytes out = loop.out().clear();
    lane.requestWriter().write(out, call, by, chosen.request(), rewrite, x.http().identity());
    to.toHead(call.head().method("HEAD"));
    Inbox in = x.connection().in();
    Body body = x.body();
    body.ofRequest(call.head());
    toUpstream.begin(Framing.SAME);
    int end = x.bodyAt();
    if (!body.done() && in.to() > end) {
      end = toUpstream.feed(body, in.bytes(), end, in.to(), out);
    }
    x.nextAt(end);
    x.outcome().received(toUpstream.passed());
    if (body.problem() != null) {
      return body.problem();
    }
    loop.write(to.out(), out);
    if (body.done()) {
      deadlines.requestDone();
    } else {
      x.connection().resumeReading();
    }
    return null;
  }

  /**
   * More of the request's body. Returns the index after what belongs to it.
   *
   * @param keep whether it may have to be sent once more
   */
  int more(UpstreamConnection to, ByteBuf buffer, boolean keep) {
    Body body = x.body();
    int index = toUpstream.feed(body, buffer, to.out());
    x.outcome().received(toUpstream.passed());
    if (body.problem() != null) {
      x.bodyBroken(body.problem());
      return buffer.writerIndex();
    }
    keep(buffer, index, keep);
    if (body.done()) {
      deadlines.requestDone();
    } else {
      deadlines.moved();
      if (!to.out().isWritable()) {
        x.connection().reading(false);
      }
    }
    return index;
  }

  private void keep(ByteBuf buffer, int index, boolean keep) {
    Inbox in = x.connection().in();
    int length = index - buffer.readerIndex();
    if (kept && keep && in.to() - x.bodyAt() + length <= MOST_KEPT) {
      in.append(buffer, buffer.readerIndex(), length);
    } else {
      kept = false;
    }
    x.nextAt(in.to());
  }

  /** Passes over what has come of a body that nobody wants. Returns the place after it. */
  int skip(Body body, Inbox in, int from, Bytes nowhere) {
    toUpstream.begin(Framing.SAME);
    int end = toUpstream.feed(body, in.bytes(), from, in.to(), nowhere);
    nowhere.clear();
    return end;
  }

  /**
   * The answer's head, and what was read with it.
   *
   * @return false when the answer may not be sent; then nothing was
   */
  boolean answer(
      UpstreamConnection up, Head head, Body body, byte[] bytes, int from, int to, Route by, WeightedCluster chosen, long millis) {
    Framing framing = framing(body);
    boolean keep = framing != Framing.UNTIL_CLOSE && x.persistent() && x.bodyDone();
    Bytes out = loop.out().clear();
    if (!lane.responseWriter()
        .relayed(
            out, head, chosen.response(), x.changes(by.response()), millis, framing, x.connectionMode(keep),
            lane.filtering().wordOn(x))) {
      return false;
    }
    x.answering(head, out.size());
    deadlines.answering();
    answer = body;
    toCaller.begin(framing);
    keepCaller = keep;
    int end = body.done() ? from : toCaller.feed(body, bytes, from, to, out);
    if (end < to) {
      up.spoiled();
    }
    if (body.problem() != null) {
      malformed();
      return true;
    }
    loop.write(x.connection().channel(), out);
    if (body.done()) {
      finish(body);
    } else {
      pace(up);
    }
    return true;
  }

  private Framing framing(Body body) {
    boolean oldClient = x.call().head().minorVersion() == 0;
    return switch (body.kind()) {
      case NONE, LENGTH -> Framing.SAME;
      case CHUNKED -> oldClient ? Framing.UNTIL_CLOSE : Framing.SAME;
      case UNTIL_CLOSE -> oldClient ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
    };
  }

  /** More of the answer's body. */
  void answer(UpstreamConnection up, ByteBuf buffer) {
    Body body = answer;
    if (body == null) {
      return;
    }
    int end = toCaller.feed(body, buffer, x.connection().channel());
    if (end < buffer.writerIndex()) {
      up.spoiled();
    }
    if (body.problem() != null) {
      malformed();
    } else if (body.done()) {
      finish(body);
    } else {
      deadlines.moved();
      pace(up);
    }
  }

  /** The answer's body broke its framing after its head was sent. */
  private void malformed() {
    x.outcome().flag(Flags.UPSTREAM_PROTOCOL_ERROR);
    x.broken();
  }

  /** Reads no faster than the caller does. */
  private void pace(UpstreamConnection up) {
    if (!x.connection().channel().isWritable()) {
      up.reading(false);
    }
  }

  /** The connection ended and the answer with it, as it should. */
  void finish() {
    Body body = answer;
    if (body != null) {
      finish(body);
    }
  }

  private void finish(Body body) {
    if (body.kind() == Body.Kind.UNTIL_CLOSE && keepCaller) {
      Bytes out = loop.out().clear();
      Relay.last(out);
      loop.write(x.connection().channel(), out);
    }
    x.over(keepCaller && x.bodyDone());
  }

  /** The request is over. */
  void end() {
    answer = null;
  }
}
