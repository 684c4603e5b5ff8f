package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.Route;
import dev.tenon.proxy.compile.RouteAction;
import dev.tenon.proxy.http.Octets;

/** Where redirects lead. */
public final class Redirects {
  private Redirects() {}

  /** The value of Location. */
  public static String location(Call call, Route route, RouteAction.Redirect redirect) {
    String scheme = redirect.scheme().isEmpty() ? "http" : redirect.scheme();
    String authority = call.authority();
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    String port = hasPort ? authority.substring(colon) : "";
    if (!redirect.scheme().isEmpty() && !redirect.scheme().equals("http")) {
      // The port belonged to the other scheme.
      port = "";
    }
    if (!redirect.host().isEmpty()) {
      host = redirect.host();
    }
    if (redirect.port() > 0) {
      boolean usual = redirect.port() == (scheme.equals("https") ? 443 : 80);
      port = usual ? "" : ":" + redirect.port();
    }
    String query =
        redirect.stripQuery() ? "" : Octets.text(call.pathBytes(), call.pathEnd(), call.targetEnd());
    return scheme + "://" + host + port + RequestWriter.rewritten(call, route, redirect.path()) + query;
  }
}
