package dev.tenon.registry.consul.ask;

import com.ecwid.consul.UrlParameters;
import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.transport.TransportException;
import com.ecwid.consul.v1.ConsulRawClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/**
 * One agent's HTTP interface. At most {@value #CONNECTIONS} connections at once; whoever asks when all
 * are taken waits. Thread-safe; closing ends every question under way.
 */
public final class Consul implements AutoCloseable {
  /** How many connections there are at most. */
  public static final int CONNECTIONS = 20;

  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_MILLIS = 10_000;

  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient patient;
  private final CloseableHttpClient prompt;
  private final ConsulRawClient waiting;
  private final ConsulRawClient asking;
  private final String address;

  /**
   * Opens no connection yet.
   *
   * @param longest how long a blocking query may last
   * @param answerLimit in bytes; more is not read
   * @throws IOException when a certificate cannot be read
   */
  public Consul(Agent agent, Duration longest, long answerLimit) throws IOException {
    URI uri = URI.create(agent.address());
    boolean tls = "https".equals(uri.getScheme());
    address = agent.address();
    RegistryBuilder<ConnectionSocketFactory> schemes = RegistryBuilder.<ConnectionSocketFactory>create()
        .register("http", PlainConnectionSocketFactory.getSocketFactory());
    if (tls) {
      schemes.register("https", new SSLConnectionSocketFactory(Certificates.context(agent.tls())));
    }
    connections = new PoolingHttpClientConnectionManager(schemes.build());
    connections.setMaxTotal(CONNECTIONS);
    connections.setDefaultMaxPerRoute(CONNECTIONS);
    connections.setValidateAfterInactivity(2_000);
    Token token = new Token(agent.token());
    Bound bound = new Bound(answerLimit);
    patient = client(token, bound, (int) longest.toMillis() * 17 / 16 + ANSWER_MILLIS);
    prompt = client(token, bound, ANSWER_MILLIS);
    String host = tls ? "https://" + uri.getHost() : uri.getHost();
    waiting = new ConsulRawClient(patient, host, uri.getPort(), "");
    asking = new ConsulRawClient(prompt, host, uri.getPort(), "");
  }

  private CloseableHttpClient client(Token token, Bound bound, int answerMillis) {
    RequestConfig config = RequestConfig.custom().setConnectTimeout(CONNECT_MILLIS).setConnectionRequestTimeout(ANSWER_MILLIS)
        .setSocketTimeout(answerMillis).setRedirectsEnabled(false).setContentCompressionEnabled(false).build();
    return HttpClients.custom().setConnectionManager(connections).setConnectionManagerShared(true).setDefaultRequestConfig(config)
        .addInterceptorFirst(token).addInterceptorLast(new Filtered()).addInterceptorLast(bound).disableAutomaticRetries().disableCookieManagement()
        .disableAuthCaching().setConnectionTimeToLive(5, TimeUnit.MINUTES).build();
  }

  /** What became of something that was written. */
  public record Reply(int status, String body) {}

  /**
   * Writes, and waits for the answer; the status is the caller's to judge.
   *
   * @param parameters such as {@code acquire=ID}, already encoded
   * @throws Unanswered when there is no answer, or the token may not
   */
  public Reply put(String path, List<String> parameters, String body) throws Unanswered {
    try {
      HttpResponse response = asking.makePutRequest(path, body, (UrlParameters) () -> parameters);
      if (response.getStatusCode() == 403) {
        throw new Unanswered("the token may not write " + path + " (403)");
      }
      return new Reply(response.getStatusCode(), Optional.ofNullable(response.getContent()).orElse(""));
    } catch (TransportException e) {
      throw unanswered(path, e);
    } catch (IllegalStateException e) {
      throw new Unanswered("the registry ends", e);
    }
  }

  /**
   * Asks and waits for the answer. That there is no such key is an answer: an empty list.
   *
   * @param path such as {@code /v1/catalog/services}
   * @throws Unanswered when it gives none, none in time, one that is too large, or an error
   */
  public Answer get(String path, Query query) throws Unanswered {
    try {
      return answer(path, (query.index() > 0 ? waiting : asking).makeGetRequest(path, query));
    } catch (TransportException e) {
      throw unanswered(path, e);
    } catch (IllegalStateException e) {
      throw new Unanswered("the registry ends", e);
    }
  }

  private static Unanswered unanswered(String path, TransportException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Unanswered already) {
        return already;
      }
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new Unanswered("no answer to " + path + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()), e);
  }

  private static Answer answer(String path, HttpResponse response) throws Unanswered {
    String body = Optional.ofNullable(response.getContent()).orElse("");
    if (response.getStatusCode() == 403) {
      throw new Unanswered("the token may not read " + path + " (403)");
    }
    boolean noKey = response.getStatusCode() == 404 && path.startsWith("/v1/kv/");
    if (response.getStatusCode() != 200 && !noKey) {
      throw new Unanswered("answered " + response.getStatusCode() + " to " + path + ": " + firstLine(body));
    }
    return new Answer(
        Optional.ofNullable(response.getConsulIndex()).orElse(0L),
        Duration.ofMillis(Optional.ofNullable(response.getConsulLastContact()).orElse(0L)),
        !Boolean.FALSE.equals(response.isConsulKnownLeader()),
        Filtered.is(response),
        noKey ? "[]" : body);
  }

  /** What an operator is shown of an error's text. */
  public static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.codePoints().limit(200).filter(c -> c >= ' ' && c != 127)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  /** For messages. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    connections.shutdown();
  }
}
