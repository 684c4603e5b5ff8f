package dev.tenon.adapter.listchecker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Attributes;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListCheckerTest {
  private static final Position AT = new Position("handler.yaml", 1, 1);

  @Test
  void aWhitelistDeniesWhatIsNotInIt() {
    Adapter versions = handler(list("STRINGS", "v1", "v2"));
    assertThat(judge(versions, "v1")).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(versions, "v3"))
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny -> {
              assertThat(deny.code()).isEqualTo(Verdict.Code.PERMISSION_DENIED);
              assertThat(deny.message()).isEqualTo("v3 is not whitelisted");
            });
  }

  @Test
  void aBlacklistDeniesWhatIsInIt() {
    Map<String, Node> params = list("STRINGS", "v3");
    params.put("blacklist", new Node.Truth(true, AT));
    assertThat(judge(handler(params), "v1")).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(handler(params), "v3"))
        .isInstanceOfSatisfying(
            Verdict.Deny.class, deny -> assertThat(deny.message()).isEqualTo("v3 is blacklisted"));
  }

  @ParameterizedTest
  @CsvSource({
    "STRINGS, Ab, Ab, true",
    "STRINGS, Ab, aB, false",
    "CASE_INSENSITIVE_STRINGS, Ab, aB, true",
    "REGEX, '^v[12]$', v2, true",
    "REGEX, '^v[12]$', v22, false",
    "REGEX, 'b+', abc, true",
    "IP_ADDRESSES, 10.57.0.0/16, 10.57.255.1, true",
    "IP_ADDRESSES, 10.57.0.0/16, 10.58.0.1, false",
    "IP_ADDRESSES, 10.57.9.9/16, 10.57.1.1, true",
    "IP_ADDRESSES, 10.57.0.1, 10.57.0.1, true",
    "IP_ADDRESSES, 10.57.0.1, 10.57.0.2, false",
    "IP_ADDRESSES, 0.0.0.0/0, 1.2.3.4, true",
    "IP_ADDRESSES, 0.0.0.0/0, '::1', false",
    "IP_ADDRESSES, 10.57.0.0/16, '::ffff:10.57.1.1', true",
    "IP_ADDRESSES, '::ffff:10.57.0.0/112', 10.57.1.1, true",
    "IP_ADDRESSES, '2001:db8::/33', '2001:db8:7fff::1', true",
    "IP_ADDRESSES, '2001:db8::/33', '2001:db8:8000::1', false",
    "IP_ADDRESSES, '2001:db8::/68', '2001:db8::0:0fff:1:2', true",
    "IP_ADDRESSES, '2001:db8::/68', '2001:db8::0:1000:0:0:1', false",
    "IP_ADDRESSES, '2001:db8::1', '2001:db8::1', true",
  })
  void entriesAreComparedByTheirType(String type, String entry, String value, boolean found) {
    Verdict verdict = judge(handler(list(type, entry)), value);
    assertThat(verdict instanceof Verdict.Allow).isEqualTo(found);
  }

  @Test
  void anAddressIsLookedUpAsOne() {
    assertThat(judge(handler(list("IP_ADDRESSES", "10.0.0.0/8")), InetAddress.ofLiteral("10.1.2.3")))
        .isInstanceOf(Verdict.Allow.class);
  }

  @Test
  void whatIsNoAddressIsAnInvalidArgument() {
    assertThat(judge(handler(list("IP_ADDRESSES", "10.0.0.0/8")), "ten"))
        .isInstanceOfSatisfying(
            Verdict.Deny.class,
            deny -> assertThat(deny.code()).isEqualTo(Verdict.Code.INVALID_ARGUMENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/33", "10.0.0/8", "ten", "::/129", "10.0.0.0/-1", "10.0.0.0/", "::ffff:1.2.3.4/95"})
  void whatIsNoNetworkIsRefused(String entry) {
    assertThat(refusals(list("IP_ADDRESSES", entry))).contains("is no network");
  }

  @Test
  void aBadPatternIsRefused() {
    assertThat(refusals(list("REGEX", "("))).contains("is no pattern of RE2");
  }

  @Test
  void networksThatTouchOrOverlapAreOne() {
    Adapter adapter = handler(list("IP_ADDRESSES", "10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "2001:db8::/48", "2001:db8::/32"));
    assertThat(judge(adapter, "10.0.0.0")).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(adapter, "10.0.1.255")).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(adapter, "10.0.2.0")).isInstanceOf(Verdict.Deny.class);
    assertThat(judge(adapter, "2001:db8:ffff::1")).isInstanceOf(Verdict.Allow.class);
    assertThat(judge(adapter, "2001:db9::")).isInstanceOf(Verdict.Deny.class);
    assertThat(adapter.figures().toString()).as("two ranges").contains("value=2.0");
  }

  private static String refusals(Map<String, Node> params) {
    Fields fields = Fields.of(new Node.Mapping(new LinkedHashMap<>(params), AT));
    new ListChecker().build(fields);
    return fields.close().toString();
  }

  private static Adapter handler(Map<String, Node> params) {
    Fields fields = Fields.of(new Node.Mapping(new LinkedHashMap<>(params), AT));
    Adapter adapter = new ListChecker().build(fields);
    assertThat(fields.close()).isEmpty();
    return adapter;
  }

  private static Map<String, Node> list(String type, String... entries) {
    Map<String, Node> params = new LinkedHashMap<>();
    params.put("entryType", new Node.Text(type, AT));
    params.put(
        "overrides",
        new Node.Items(
            Arrays.stream(entries).map(each -> (Node) new Node.Text(each, AT)).toList(), AT));
    return params;
  }

  private static Verdict judge(Adapter adapter, Object value) {
    return adapter.check(
        new Instance("it.instance.default", Template.LISTENTRY, Map.of("value", value), new Nothing()));
  }

  private static final class Nothing implements Attributes {
    @Override
    public @Nullable Object get(String attribute) {
      return null;
    }

    @Override
    public @Nullable String entry(String attribute, String key) {
      return null;
    }

    @Override
    public Attributes snapshot() {
      return this;
    }
  }
}
