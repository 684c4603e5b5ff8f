package dev.tenon.proxy.serve;

import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Name;
import dev.tenon.proxy.report.LogLane;
import dev.tenon.proxy.request.Call;
import dev.tenon.proxy.request.Flags;

/** Writes one line in Envoy's default format, without garbage. */
final class LogLine {
  private LogLine() {}

  static void write(LogLane log, Exchange x, long tookNanos) {
    Bytes out = log.begin(System.currentTimeMillis() - tookNanos / 1_000_000);
    Call call = x.call();
    Head head = call.head();
    Outcome end = x.outcome();
    out.put(" \"");
    if (head.methodEnd() > head.start()) {
      out.put(head.bytes(), head.start(), head.methodEnd() - head.start()).put(' ');
      call.putPathAndQuery(out);
    } else {
      out.put("- -");
    }
    out.put(head.minorVersion() == 0 ? " HTTP/1.0\" " : " HTTP/1.1\" ");
    out.putNumber(end.status()).put(' ').put(Flags.text(end.flags())).put(' ');
    out.putNumber(end.received()).put(' ').putNumber(end.sent()).put(' ').putNumber(tookNanos / 1_000_000).put(' ');
    long service = x.forwarding().serviceMillis();
    if (service < 0) {
      out.put('-');
    } else {
      out.putNumber(service);
    }
    quoted(out, head, head.find(Name.FORWARDED_FOR));
    quoted(out, head, head.find(Name.USER_AGENT));
    byte[] made = call.madeRequestId();
    if (made != null) {
      out.put(" \"").put(made).put('"');
    } else {
      quoted(out, head, head.find(Name.REQUEST_ID));
    }
    out.put(" \"");
    call.putAuthority(out);
    out.put("\" \"").put(x.forwarding().upstream()).put('"');
    log.end();
  }

  private static void quoted(Bytes out, Head head, int field) {
    out.put(" \"");
    if (field < 0) {
      out.put('-');
    } else {
      int at = head.valueAt(field);
      for (int i = at; i < head.valueEnd(field); i++) {
        // A quote would end the field for whoever reads the log; a tab is the only control left.
        byte octet = head.bytes()[i];
        out.put(octet == '"' ? '\'' : octet == '\t' ? ' ' : octet);
      }
    }
    out.put('"');
  }
}
