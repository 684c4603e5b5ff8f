package dev.tenon.adapter.listchecker;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Validity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Mixer's {@code listchecker}. Parameters: {@code overrides}, entries; {@code providerUrl}, more of them, by {@code http}, {@code
 * https} or {@code file}; {@code refreshInterval} [60s], {@code ttl} [always]; {@code entryType} [STRINGS], CASE_INSENSITIVE_STRINGS,
 * IP_ADDRESSES, REGEX; {@code blacklist} [false]; {@code cachingInterval} [300s] and {@code cachingUseCount} [10000].
 */
public final class ListChecker implements AdapterFactory {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "listchecker";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.LISTENTRY);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    boolean blacklist = params.truth("blacklist", false);
    Duration time = params.duration("cachingInterval").orElse(Duration.ofMinutes(5));
    long uses = params.whole("cachingUseCount", 0, Integer.MAX_VALUE).orElse(10_000L);
    EntryType type = params.oneOf("entryType", EntryType.NAMES).orElse(EntryType.STRINGS);
    List<String> overrides = params.texts("overrides");
    Listing given = given(params, type, overrides);
    Verdict.Allow allowed = new Verdict.Allow(new Validity(time, (int) uses));
    return new Handler(followed(handler, params, type, overrides).orElse(() -> given), blacklist, allowed);
  }

  private static Listing given(Fields params, EntryType type, List<String> overrides) {
    try {
      return type.listing(overrides);
    } catch (BadEntry e) {
      params.error("overrides", String.valueOf(e.getMessage()));
      return Texts.of(List.of(), false);
    }
  }

  private static Optional<Supplier<Listing>> followed(String handler, Fields params, EntryType type, List<String> overrides) {
    String url = params.text("providerUrl", "");
    Duration refresh = params.duration("refreshInterval").orElse(Duration.ofMinutes(1));
    Optional<Duration> ttl = params.duration("ttl");
    if (url.isEmpty()) {
      for (String unused : List.of("refreshInterval", "ttl")) {
        if (params.has(unused)) {
          params.warn(unused, "is without effect: it is about lists of a providerUrl, and there is none", "TEN0004");
        }
      }
      return Optional.empty();
    }
    if (refresh.compareTo(SHORTEST) < 0) {
      params.error("refreshInterval", "should be at least 1s");
    }
    if (ttl.isPresent() && ttl.get().compareTo(refresh) < 0) {
      params.error("ttl", "is shorter than refreshInterval: the list would be too old before it is looked at again");
    }
    Optional<Provider> provider = provider(params, url);
    if (handler.isEmpty() || provider.isEmpty() || params.findings().stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      provider.ifPresent(Provider::close);
      return Optional.empty();
    }
    // A look at a file costs nothing: changes are seen within a second.
    Duration interval = provider.get() instanceof FromFile ? SHORTEST : refresh;
    Followed followed = new Followed(handler, provider.get(), new Followed.Terms(url, type, overrides, interval, ttl));
    followed.begin();
    return Optional.of(followed);
  }

  private static Optional<Provider> provider(Fields params, String text) {
    try {
      URI url = URI.create(text);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null && url.getUserInfo() == null) {
        return Optional.of(new FromWeb(url));
      }
      if ("file".equals(url.getScheme()) && url.getPath() != null) {
        return Optional.of(new FromFile(Path.of(url.getPath())));
      }
    } catch (IllegalArgumentException e) {
      // Said below; also what is no path.
    }
    params.error("providerUrl", "\"" + Listing.brief(text) + "\" is no place of a list; write it like https://lists.example/list or file:///etc/tenon/list");
    return Optional.empty();
  }
}
