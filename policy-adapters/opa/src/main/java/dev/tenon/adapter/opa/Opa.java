package dev.tenon.adapter.opa;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Asks a server of Open Policy Agent. Parameters: {@code url} of the server, {@code checkMethod}, the rule
 * that is asked, {@code data.mixerauthz.allow}; {@code failClose} [true]: whether its failure is the rule's
 * to decide, or lets requests go on.
 */
public final class Opa implements AdapterFactory {
  private static final Pattern METHOD = Pattern.compile("data(\\.[A-Za-z_][A-Za-z0-9_]*)+");

  @Override
  public String name() {
    return "opa";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.AUTHORIZATION);
  }

  @Override
  public Adapter build(Fields params) {
    String method = params.text(params.has("check_method") ? "check_method" : "checkMethod");
    if (!METHOD.matcher(method).matches()) {
      params.error("checkMethod", "\"" + method + "\" is no rule of a policy; write it like data.mixerauthz.allow");
      method = "data.none";
    }
    params.refuse("policy", "policies belong to the OPA server: give them to it, and its address here as url");
    boolean closed = params.truth(params.has("fail_close") ? "fail_close" : "failClose", true);
    return new Asking(address(params, method), closed);
  }

  private static URI address(Fields params, String method) {
    String text = params.text("url");
    try {
      URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
        return URI.create(url + "/v1/" + method.replace('.', '/'));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    params.error("url", "\"" + text + "\" is no address of a server; write it like http://127.0.0.1:8181");
    return URI.create("http://127.0.0.1:8181/v1/data");
  }
}
