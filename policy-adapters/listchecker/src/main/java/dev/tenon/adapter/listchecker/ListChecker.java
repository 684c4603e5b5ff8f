package dev.tenon.adapter.listchecker;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tenon.adapter.listchecker.Listing.Found;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Mixer's {@code listchecker}. Parameters: {@code overrides}, the list; {@code entryType} [STRINGS],
 * CASE_INSENSITIVE_STRINGS, IP_ADDRESSES, REGEX; {@code blacklist} [false]; {@code cachingInterval}
 * [300s] and {@code cachingUseCount} [10000]. Lists fetched from a {@code providerUrl} are refused.
 */
public final class ListChecker implements AdapterFactory {
  private static final int LONGEST_PATTERN = 1024;

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
    params.refuse("providerUrl", "lists are not fetched; write the entries into overrides");
    for (String unused : List.of("refreshInterval", "ttl")) {
      params.refuse(unused, "it is about fetched lists, and lists are not fetched; remove it");
    }
    boolean blacklist = params.truth("blacklist", false);
    Duration time = params.duration("cachingInterval").orElse(Duration.ofMinutes(5));
    long uses = params.whole("cachingUseCount", 0, Integer.MAX_VALUE).orElse(10_000L);
    Listing listing = listing(params);
    return new Handler(listing, blacklist, new Validity(time, (int) uses));
  }

  private static Listing listing(Fields params) {
    EntryType type =
        params
            .oneOf(
                "entryType",
                Map.of(
                    "STRINGS", EntryType.STRINGS,
                    "CASE_INSENSITIVE_STRINGS", EntryType.CASE_INSENSITIVE_STRINGS,
                    "IP_ADDRESSES", EntryType.IP_ADDRESSES,
                    "REGEX", EntryType.REGEX))
            .orElse(EntryType.STRINGS);
    List<String> entries = params.texts("overrides");
    return switch (type) {
      case STRINGS -> {
        Set<String> all = Set.copyOf(entries);
        yield value -> Listing.of(all.contains(text(value)));
      }
      case CASE_INSENSITIVE_STRINGS -> {
        Set<String> all =
            entries.stream().map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        yield value -> Listing.of(all.contains(text(value).toLowerCase(Locale.ROOT)));
      }
      case IP_ADDRESSES -> networks(entries, params);
      case REGEX -> patterns(entries, params);
    };
  }

  private enum EntryType {
    STRINGS,
    CASE_INSENSITIVE_STRINGS,
    IP_ADDRESSES,
    REGEX
  }

  private static Listing networks(List<String> entries, Fields params) {
    Networks networks = new Networks();
    for (String entry : entries) {
      if (!networks.add(entry)) {
        params.error(
            "overrides", "\"" + entry + "\" is no network; write it like 10.57.0.0/16 or 2001:db8::/32");
      }
    }
    return networks;
  }

  private static Listing patterns(List<String> entries, Fields params) {
    List<Pattern> patterns = new ArrayList<>();
    for (String entry : entries) {
      if (entry.length() > LONGEST_PATTERN) {
        params.error("overrides", "a pattern is longer than " + LONGEST_PATTERN + " characters");
        continue;
      }
      try {
        patterns.add(Pattern.compile(entry));
      } catch (PatternSyntaxException e) {
        params.error("overrides", "\"" + entry + "\" is no pattern of RE2: " + e.getMessage());
      }
    }
    List<Pattern> all = List.copyOf(patterns);
    return value -> Listing.of(all.stream().anyMatch(each -> each.matcher(text(value)).find()));
  }

  private static String text(Object value) {
    return value instanceof InetAddress address ? address.getHostAddress() : value.toString();
  }

  /** One list. */
  private record Handler(Listing listing, boolean blacklist, Validity validity) implements Adapter {
    @Override
    public Verdict check(Instance instance) {
      Object value = instance.values().getOrDefault("value", "");
      Found found = listing.find(value);
      if (found == Found.MALFORMED) {
        return new Verdict.Deny(
            Code.INVALID_ARGUMENT, text(value) + " is no IP address", Validity.ONCE);
      }
      if ((found == Found.YES) != blacklist) {
        return new Verdict.Allow(validity);
      }
      return new Verdict.Deny(
          Code.PERMISSION_DENIED,
          text(value) + (blacklist ? " is blacklisted" : " is not whitelisted"),
          validity);
    }
  }
}
