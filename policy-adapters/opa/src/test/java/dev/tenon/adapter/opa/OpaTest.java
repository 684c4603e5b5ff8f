package dev.tenon.adapter.opa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.testkit.contract.GivenRequest;
import dev.tenon.testkit.contract.PolicyAdapterContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as OPA does; {@link OpaServerTest} asks a real one. */
class OpaTest extends PolicyAdapterContract {
  private static final Map<String, Object> JOHN =
      Map.of("subject", Map.of("user", "john\"\n", "properties", Map.of()), "action", Map.of("method", "GET"));
  private HttpServer server;
  private volatile String answer = "";

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
    server.createContext(
        "/v1/data/mixerauthz/allow",
        exchange -> {
          String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String said = answer.isEmpty() ? "{\"result\":" + asked.contains("\"method\":\"GET\"") + "}" : answer;
          byte[] body = said.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(said.equals("500") ? 500 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Override
  protected String plugin() {
    return "opa";
  }

  @Override
  protected AdapterFactory factory() {
    return new Opa();
  }

  @Override
  protected String params() {
    return "url: http://127.0.0.1:" + server.getAddress().getPort() + "\ncheckMethod: data.mixerauthz.allow";
  }

  @Override
  protected Template template() {
    return Template.AUTHORIZATION;
  }

  @Override
  protected Map<String, Object> allowedValues() {
    return JOHN;
  }

  @Override
  protected Map<String, Object> deniedValues() {
    return Map.of("subject", Map.of(), "action", Map.of("method", "DELETE"));
  }

  @Test
  void whatIsNeitherTrueNorFalseIsAFailureUnlessRequestsMayGoOnThen() {
    Instance question = new Instance("a.instance.b", Template.AUTHORIZATION, JOHN, GivenRequest.of(Map.of()));
    for (String each : new String[] {"{}", "{\"result\":\"true\"}", "{\"decision\":{\"result\":true}}", "500", "nonsense", "[]", "{\"result\":true", "{\"result\":{\"result\":true}}"}) {
      answer = each;
      try (Adapter adapter = factory().build(fields(params()))) {
        assertThatThrownBy(() -> adapter.check(question)).as(each).hasMessageContaining("OPA");
      }
      try (Adapter adapter = factory().build(fields(params() + "\nfailClose: false"))) {
        assertThat(adapter.check(question)).as(each).isEqualTo(Verdict.ALLOW);
      }
    }
  }

  @Test
  void whatStandsBesideTheResultDoesNotMatter() {
    answer = "{\"metrics\": {\"timer\": {\"result\": false}}, \"result\": true, \"decision_id\": \"}{\"}";
    Instance question = new Instance("a.instance.b", Template.AUTHORIZATION, JOHN, GivenRequest.of(Map.of()));
    try (Adapter adapter = factory().build(fields(params()))) {
      assertThat(adapter.check(question)).isEqualTo(Verdict.ALLOW);
      assertThat(adapter.figures().toString()).contains("{result=true}, value=Amount[value=1.0]", "{result=none}, value=Amount[value=0.0]");
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    Fields params = fields("url: 127.0.0.1:8181\ncheckMethod: allow; drop\npolicy: [\"package x\"]");
    factory().build(params).close();
    assertThat(params.close().toString())
        .contains("url: \"127.0.0.1:8181\" is no address of a server")
        .contains("is no rule of a policy")
        .contains("policy: is not carried out by this build: policies belong to the OPA server");
  }
}
