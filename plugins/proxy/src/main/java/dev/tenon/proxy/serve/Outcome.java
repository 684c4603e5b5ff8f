package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.proxy.compile.PolicySpec;
import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.report.LogLane;
import dev.tenon.proxy.report.RecordLane;
import dev.tenon.proxy.request.Flags;
import java.util.Map;

/** What becomes of a request: gathered on its way, told once at its end to metrics, log, policy and sinks. */
final class Outcome {
  private final Exchange exchange;
  private final Lane lane;
  private long startNanos;
  private int status;
  private int flags;
  private long received;
  private long sent;
  private long answerHead;
  private Map<String, String> answerHeaders = Map.of();
  private int checkCode;
  private String checkMessage = "";

  Outcome(Exchange exchange, Lane lane) {
    this.exchange = exchange;
    this.lane = lane;
  }

  /** A request begins, of which nothing is known. */
  void begin() {
    startNanos = System.nanoTime();
    status = 0;
    flags = Flags.NONE;
    received = 0;
    sent = 0;
    answerHead = 0;
    answerHeaders = Map.of();
    checkCode = 0;
    checkMessage = "";
    lane.meters().requests++;
    lane.meters().requestsActive++;
  }

  int status() {
    return status;
  }

  int flags() {
    return flags;
  }

  void flag(int flag) {
    flags |= flag;
  }

  /** Octets of its body. */
  long received() {
    return received;
  }

  void received(long octets) {
    received = octets;
  }

  /** Octets of its answer's body. */
  long sent() {
    return sent;
  }

  /** Octets of its answer's head. */
  long answerHead() {
    return answerHead;
  }

  /** What its upstream's answer said, where policy wants to know. */
  Map<String, String> answerHeaders() {
    return answerHeaders;
  }

  /** An answer of our own is sent. */
  void own(int code, int headOctets, int bodyOctets) {
    status = code;
    answerHead = headOctets;
    sent = bodyOctets;
  }

  /** An upstream's answer is sent. */
  void upstream(int code, int headOctets) {
    status = code;
    answerHead = headOctets;
  }

  void answerHeaders(Map<String, String> headers) {
    answerHeaders = headers;
  }

  /** The number of the code that policy denied it with; 0 when it did not. */
  int checkCode() {
    return checkCode;
  }

  String checkMessage() {
    return checkMessage;
  }

  void denied(int code, String message) {
    checkCode = code;
    checkMessage = message;
  }

  /** Where it was sent, or would have been if nothing had answered it before. */
  private String cluster() {
    String sentTo = exchange.forwarding().clusterName();
    Route route = exchange.route();
    return sentTo.isEmpty() && route != null && route.action() instanceof RouteAction.Forward forward && forward.clusters().size() == 1
        ? forward.clusters().getFirst().cluster()
        : sentTo;
  }

  /** The request is over; {@code passed} octets of an upstream's answer went to the caller. */
  void tell(long passed) {
    sent += passed;
    long took = System.nanoTime() - startNanos;
    lane.meters().requestsActive--;
    lane.meters().answered(status);
    ListenerSpec spec = exchange.listener();
    if (spec == null) {
      return;
    }
    View view = exchange.connection().view();
    view.series(cluster(), exchange).count(status, flags, took);
    LogLane log = view.log();
    if (log != null) {
      LogLine.write(log, exchange, took);
    }
    PolicySpec policy = exchange.policy();
    if (policy != null && Reporting.wanted(exchange, policy)) {
      Reporting.tell(exchange, policy, took);
    }
    RecordLane records = lane.records();
    if (records != null) {
      records.add(Finished.of(exchange, spec, took));
    }
  }
}
