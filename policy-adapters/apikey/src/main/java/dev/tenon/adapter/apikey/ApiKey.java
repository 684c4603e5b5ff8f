package dev.tenon.adapter.apikey;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * Keys that callers show. Parameters: {@code keys}, a list of {@code name}, {@code sha256} of the key in hex,
 * {@code apis} [any] and {@code expires} [never]. A key itself stands nowhere: what is compared is its hash.
 */
public final class ApiKey implements AdapterFactory {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int LONGEST_KEY = 4096;

  private final InstantSource clock;

  /** By the system's clock. */
  public ApiKey() {
    this(InstantSource.system());
  }

  ApiKey(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "apikey";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.APIKEY);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  /** Whose key it is, what for, and until when. */
  private record Owner(String name, Set<String> apis, Instant expires) {}

  @Override
  public Adapter build(Fields params) {
    Map<ByteBuffer, Owner> owners = new HashMap<>();
    for (Fields key : params.mappings("keys")) {
      String hash = key.text("sha256");
      Owner owner = new Owner(key.text("name"), Set.copyOf(key.texts("apis")), expires(key));
      if (!HASH.matcher(hash).matches()) {
        key.error("sha256", "should be 64 digits of hex: printf %s KEY | sha256sum");
      } else if (owners.putIfAbsent(ByteBuffer.wrap(HexFormat.of().parseHex(hash)), owner) != null) {
        key.error("sha256", "two keys have this hash");
      }
    }
    if (!params.has("keys")) {
      params.error("keys", "is required: a list of name and sha256");
    }
    return new Keys(Map.copyOf(owners), clock, new LongAdder(), new LongAdder(), new LongAdder());
  }

  private static Instant expires(Fields key) {
    String text = key.text("expires", "");
    try {
      return text.isEmpty() ? Instant.MAX : Instant.parse(text);
    } catch (DateTimeParseException e) {
      key.error("expires", "\"" + text + "\" is no moment; write it like 2026-12-31T00:00:00Z");
      return Instant.MIN;
    }
  }

  /** One handler. */
  private record Keys(Map<ByteBuffer, Owner> owners, InstantSource clock, LongAdder known, LongAdder unknown, LongAdder elsewhere)
      implements Adapter {
    @Override
    public Verdict check(Instance instance) {
      Verdict verdict = judge(instance);
      switch (verdict) {
        case Verdict.Allow ignored -> known.increment();
        case Verdict.Deny deny -> (deny.code() == Code.PERMISSION_DENIED ? elsewhere : unknown).increment();
      }
      return verdict;
    }

    private Verdict judge(Instance instance) {
      String key = String.valueOf(instance.values().getOrDefault("apiKey", ""));
      if (key.isEmpty()) {
        return denied(Code.UNAUTHENTICATED, "an API key is needed");
      }
      // Hashing first, a comparison tells nothing of a key by the time that it takes.
      Owner owner = key.length() > LONGEST_KEY ? null : owners.get(ByteBuffer.wrap(hash(key)));
      if (owner == null || !clock.instant().isBefore(owner.expires)) {
        return denied(Code.UNAUTHENTICATED, owner == null ? "the API key is not known" : "the API key has expired");
      }
      String api = String.valueOf(instance.values().getOrDefault("api", ""));
      return owner.apis.isEmpty() || owner.apis.contains(api)
          ? Verdict.ALLOW
          : denied(Code.PERMISSION_DENIED, "the API key of " + owner.name + " is not for " + (api.isEmpty() ? "this API" : api));
    }

    private static Verdict denied(Code code, String message) {
      return new Verdict.Deny(code, message, Validity.ONCE);
    }

    private static byte[] hash(String key) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    @Override
    public List<Family> figures() {
      return List.of(
          new Family("apikey_adapter_keys", Kind.GAUGE, List.of(Sample.of(Map.of(), owners.size()))),
          new Family(
              "apikey_adapter_requests_total",
              Kind.COUNTER,
              List.of(
                  Sample.of(Map.of("key", "known"), (double) known.sum()),
                  Sample.of(Map.of("key", "unknown"), (double) unknown.sum()),
                  Sample.of(Map.of("key", "of_another_api"), (double) elsewhere.sum()))));
    }

    @Override
    public String toString() {
      return "keys of " + List.copyOf(owners.values());
    }
  }
}
