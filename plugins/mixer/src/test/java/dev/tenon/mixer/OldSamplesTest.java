package dev.tenon.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.adapter.denier.Denier;
import dev.tenon.adapter.listchecker.ListChecker;
import dev.tenon.mixer.evaluate.GivenAttributes;
import dev.tenon.spi.policy.PolicyEngine.Outcome;
import dev.tenon.spi.policy.PolicyEngine.Policy;
import dev.tenon.spi.policy.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Istio 1.4's own policy samples, unchanged, do what they did. */
class OldSamplesTest {
  private final SmallKernel kernel = SmallKernel.start();

  @BeforeEach
  void install() {
    kernel.install(new Denier(), new ListChecker());
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void denyLabelKeepsReviewsV3FromRatings() throws IOException {
    Policy policy = sample("mixer-rule-deny-label.yaml");
    assertThat(body(policy, request("reviews", "v3", "ratings")))
        .isEqualTo("PERMISSION_DENIED:denyreviewsv3handler.default:Not allowed");
    assertThat(body(policy, request("reviews", "v2", "ratings"))).isEqualTo("allowed");
    assertThat(body(policy, request("reviews", "v3", "details"))).isEqualTo("allowed");
  }

  @Test
  void denyWhitelistLetsVersionsOneAndTwoSeeRatings() throws IOException {
    Policy policy = sample("mixer-rule-deny-whitelist.yaml");
    assertThat(body(policy, request("reviews", "v2", "ratings"))).isEqualTo("allowed");
    assertThat(body(policy, request("reviews", "v3", "ratings")))
        .isEqualTo("PERMISSION_DENIED:whitelist.default:v3 is not whitelisted");
  }

  @Test
  void denyIpLetsOneNetworkThroughTheGateway() throws IOException {
    Policy policy = sample("mixer-rule-deny-ip.yaml");
    Map<String, Object> request = new HashMap<>(Map.of("source.labels", Map.of("istio", "ingressgateway")));
    assertThat(body(policy, request)).isEqualTo("PERMISSION_DENIED:whitelistip.default:0.0.0.0 is not whitelisted");
    request.put("source.ip", InetAddress.ofLiteral("10.57.1.2"));
    assertThat(body(policy, request)).isEqualTo("allowed");
    assertThat(body(policy, Map.of("source.labels", Map.of("istio", "other")))).isEqualTo("allowed");
  }

  @Test
  void denyServiceAccountKeepsProductpageFromDetails() throws IOException {
    Policy policy = sample("mixer-rule-deny-serviceaccount.yaml");
    Map<String, Object> request = new HashMap<>(request("productpage", "v1", "details"));
    assertThat(body(policy, request)).isEqualTo("allowed");
    request.put("source.user", "cluster.local/ns/default/sa/bookinfo-productpage");
    assertThat(body(policy, request)).startsWith("PERMISSION_DENIED:denyproductpagehandler.default");
  }

  @Test
  void ingressDenialKeepsJohnOut() throws IOException {
    Policy policy = sample("mixer-rule-ingress-denial.yaml");
    assertThat(
            body(
                policy,
                Map.of(
                    "source.labels", Map.of("istio", "ingressgateway"),
                    "request.headers", Map.of("x-user", "john"))))
        .startsWith("PERMISSION_DENIED:handler.istio-system");
    assertThat(body(policy, Map.of("request.headers", Map.of("x-user", "john")))).isEqualTo("allowed");
  }

  private static Map<String, Object> request(String from, String version, String to) {
    return Map.of(
        "source.labels", Map.of("app", from, "version", version),
        "destination.labels", Map.of("app", to));
  }

  private static String body(Policy policy, Map<String, Object> request) {
    Outcome outcome =
        policy.check(
            new GivenAttributes(request),
            later -> {
              throw new AssertionError("these adapters answer at once");
            });
    return Objects.requireNonNull(outcome).verdict() instanceof Verdict.Deny deny
        ? deny.code() + ":" + outcome.handler() + ":" + deny.message()
        : "allowed";
  }

  private Policy sample(String file) throws IOException {
    Path tree = Path.of("").toAbsolutePath();
    while (tree.getParent() != null && !Files.exists(tree.resolve("bundle.bnd"))) {
      tree = tree.getParent();
    }
    String samples = "shared/data/istio-1.4/samples/bookinfo/policy/" + file;
    Path beside = tree.resolveSibling(samples);
    Path path = Files.exists(beside) ? beside : tree.resolve("../..").resolve(samples).normalize();
    assumeTrue(Files.isReadable(path), "there are no samples of Istio beside the checkout");
    // A document separator at the end is an empty document, which galley leaves out.
    String text = Pattern.compile("---\\s*\\z").matcher(Files.readString(path)).replaceFirst("");
    return kernel.engine().compile(Yaml.policy(text));
  }
}
