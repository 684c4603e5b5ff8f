package dev.tenon.registry.consul.ask;

import org.apache.http.Header;
import org.apache.http.HttpResponse;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.protocol.HttpContext;

/**
 * Passes on that Consul left something out because of the token. consul-api hands four headers on and
 * not this one, so it is said in the reason phrase, which nobody needs.
 */
final class Filtered implements HttpResponseInterceptor {
  private static final String PHRASE = "filtered by ACLs";

  @Override
  public void process(HttpResponse response, HttpContext context) {
    Header header = response.getFirstHeader("X-Consul-Results-Filtered-By-ACLs");
    if (header != null && header.getValue().equals("true")) {
      response.setReasonPhrase(PHRASE);
    }
  }

  static boolean is(com.ecwid.consul.transport.HttpResponse response) {
    return PHRASE.equals(response.getStatusMessage());
  }
}
