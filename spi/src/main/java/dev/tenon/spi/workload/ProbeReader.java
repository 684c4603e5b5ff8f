package dev.tenon.spi.workload;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Names;
import dev.tenon.spi.workload.ReadinessProbe.Check;
import dev.tenon.spi.workload.ReadinessProbe.Exec;
import dev.tenon.spi.workload.ReadinessProbe.Grpc;
import dev.tenon.spi.workload.ReadinessProbe.Header;
import dev.tenon.spi.workload.ReadinessProbe.HttpGet;
import dev.tenon.spi.workload.ReadinessProbe.TcpSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a {@link ReadinessProbe}: Istio's fields, and Istio's values where nothing is said. What is wrong is said in its fields. */
final class ProbeReader {
  private static final int LONGEST_SECONDS = 3_600;
  private static final int MOST = 1_000;
  private static final int MOST_HEADERS = 20;
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Pattern ONE_LINE = Pattern.compile("[\\x20-\\x7e]{0,1024}");
  private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,1023}");

  private final Fields fields;

  ProbeReader(Fields fields) {
    this.fields = fields;
  }

  Optional<ReadinessProbe> probe() {
    Duration initialDelay = seconds("initialDelaySeconds", 0, 0);
    Duration period = seconds("periodSeconds", 1, 10);
    Duration timeout = seconds("timeoutSeconds", 1, 1);
    int success = fields.whole("successThreshold", 1, MOST).orElse(1L).intValue();
    int failure = fields.whole("failureThreshold", 1, MOST).orElse(3L).intValue();
    return check().map(check -> new ReadinessProbe(check, initialDelay, period, timeout, success, failure));
  }

  private Duration seconds(String field, int least, int usual) {
    return Duration.ofSeconds(fields.whole(field, least, LONGEST_SECONDS).orElse((long) usual));
  }

  private Optional<Check> check() {
    String[] ways = {"httpGet", "tcpSocket", "grpc", "exec"};
    Optional<String> way = fields.atMostOne(ways);
    Optional<Check> http = fields.mapping("httpGet").map(ProbeReader::httpGet);
    Optional<Check> tcp = fields.mapping("tcpSocket").map(ProbeReader::tcpSocket);
    Optional<Check> grpc = fields.mapping("grpc").map(ProbeReader::grpc);
    Optional<Check> exec = fields.mapping("exec").map(ProbeReader::exec);
    if (way.isEmpty()) {
      fields.error("httpGet", "is missing: say how to ask, by one of httpGet, tcpSocket, grpc or exec");
    }
    return http.or(() -> tcp).or(() -> grpc).or(() -> exec);
  }

  private static TcpSocket tcpSocket(Fields said) {
    int port = said.port("port");
    return new TcpSocket(host(said), port);
  }

  private static HttpGet httpGet(Fields said) {
    int port = said.port("port");
    String path = said.text("path", "/");
    if (!PATH.matcher(path).matches()) {
      said.error("path", "should begin with / and be printable, without blanks, at most 1024 characters");
    }
    boolean tls = said.oneOf("scheme", Map.of("HTTP", false, "HTTPS", true)).orElse(false);
    List<Header> headers = said.mappings("httpHeaders").stream().map(ProbeReader::header).toList();
    if (headers.size() > MOST_HEADERS) {
      said.error("httpHeaders", headers.size() + " are too many; give at most " + MOST_HEADERS);
    }
    return new HttpGet(host(said), port, path, tls, headers);
  }

  private static Header header(Fields said) {
    Header header = new Header(said.text("name"), said.text("value", ""));
    if (said.has("name") && !HEADER_NAME.matcher(header.name()).matches()) {
      said.error("name", "is no name of a header");
    }
    if (!ONE_LINE.matcher(header.value()).matches()) {
      said.error("value", "should be one line of printable ASCII, at most 1024 characters");
    }
    return header;
  }

  private static Grpc grpc(Fields said) {
    int port = said.port("port");
    String service = said.text("service", "");
    if (!ONE_LINE.matcher(service).matches()) {
      said.error("service", "should be the full name of a gRPC service, like shop.v1.Reviews");
    }
    return new Grpc(host(said), port, service);
  }

  private static Exec exec(Fields said) {
    List<String> command = said.texts("command");
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      said.error("command", "is required: the program and its arguments, like [/usr/bin/test, -e, /run/ready]");
    }
    return new Exec(command);
  }

  private static String host(Fields said) {
    String host = said.text("host", "");
    if (!host.isEmpty() && Names.ipAddress(host).isEmpty()) {
      said.error("host", "\"" + host + "\" is no IP address; names are not resolved here. Leave it out to ask the application");
    }
    return host;
  }
}
