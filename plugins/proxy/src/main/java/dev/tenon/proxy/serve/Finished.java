package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Flags;
import dev.tenon.spi.telemetry.FinishedRequest;
import dev.tenon.spi.telemetry.FinishedRequest.Answered;
import dev.tenon.spi.telemetry.FinishedRequest.Asked;
import dev.tenon.spi.telemetry.FinishedRequest.Caller;
import dev.tenon.spi.telemetry.FinishedRequest.Reporter;
import dev.tenon.spi.telemetry.FinishedRequest.Upstream;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says what became of a request, for sinks. Makes garbage, where there is a sink. */
final class Finished {
  private Finished() {}

  static FinishedRequest of(Exchange x, ListenerSpec listener, long tookNanos) {
    Call call = x.call();
    Outcome end = x.outcome();
    Forwarding to = x.forwarding();
    Route route = x.route();
    return new FinishedRequest(
        Instant.now().minusNanos(tookNanos),
        tookNanos,
        listener.direction() == ListenerSpec.Direction.INBOUND ? Reporter.DESTINATION : Reporter.SOURCE,
        asked(call),
        new Answered(end.status(), Flags.text(end.flags()), end.received(), end.sent()),
        new Upstream(
            route == null ? "" : route.name(), to.clusterName(), to.upstream().equals("-") ? "" : to.upstream(), to.serviceMillis()),
        new Caller(text(call.peer()), x.sourceName()),
        call.notes());
  }

  private static Asked asked(Call call) {
    Head head = call.head();
    boolean read = head.methodEnd() > head.start();
    return new Asked(
        head.minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1",
        read ? call.method() : "",
        call.authority(),
        read ? call.pathAndQuery() : "",
        orNothing(call.requestId()),
        orNothing(head.joined("user-agent")),
        orNothing(head.joined("traceparent")));
  }

  private static String orNothing(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String text(@Nullable InetSocketAddress address) {
    return address == null ? "" : address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
