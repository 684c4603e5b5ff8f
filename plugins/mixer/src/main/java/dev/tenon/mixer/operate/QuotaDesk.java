package dev.tenon.mixer.operate;

import dev.tenon.mixer.operate.Inventory.Charge;
import dev.tenon.spi.policy.Quotas;
import dev.tenon.wire.admin.v1.QuotaCounter;
import dev.tenon.wire.admin.v1.QuotaResetRequest;
import dev.tenon.wire.admin.v1.QuotaResetResponse;
import dev.tenon.wire.admin.v1.QuotaTopRequest;
import dev.tenon.wire.admin.v1.QuotaTopResponse;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What counters stand at, with the rules that charge them. */
final class QuotaDesk {
  private static final int USUAL = 20;
  private static final int MOST = 10_000;

  private final InForce known;
  private final Quotas quotas;

  QuotaDesk(InForce known, Quotas quotas) {
    this.known = known;
    this.quotas = quotas;
  }

  QuotaTopResponse top(QuotaTopRequest request) {
    int limit = request.getLimit() == 0 ? USUAL : (int) Math.min(MOST, Integer.toUnsignedLong(request.getLimit()));
    List<Charge> charges = charges();
    String rule = request.getRule();
    List<Charge> wanted = wanted(charges, rule);
    Set<String> handlers = wanted.stream().map(Charge::handler).collect(Collectors.toSet());
    Quotas.Top top =
        quotas.top(
            rule.isEmpty() ? limit : MOST,
            name -> (rule.isEmpty() || handlers.contains(name)) && (request.getHandler().isEmpty() || request.getHandler().equals(name)));
    QuotaTopResponse.Builder answer = QuotaTopResponse.newBuilder().setKeys(top.keys()).addAllNotes(top.notes());
    top.fullest().stream()
        .map(each -> counter(each, charges))
        .filter(each -> rule.isEmpty() || each.getRulesList().contains(rule))
        .limit(limit)
        .forEach(answer::addCounters);
    return answer.build();
  }

  QuotaResetResponse reset(QuotaResetRequest request) {
    if (request.getRule().isEmpty()) {
      if (request.getHandler().isEmpty() || request.getKey().isEmpty()) {
        throw Status.INVALID_ARGUMENT.withDescription("name a rule, or a handler and a key as 'tenon policy top' tells them").asRuntimeException();
      }
      if (!quotas.reset(request.getHandler(), request.getKey())) {
        throw Status.NOT_FOUND
            .withDescription("handler " + request.getHandler() + " has no counter \"" + request.getKey() + "\" here; 'tenon policy top' tells which there are")
            .asRuntimeException();
      }
      return QuotaResetResponse.newBuilder().setCounters(1).build();
    }
    long forgotten =
        top(QuotaTopRequest.newBuilder().setRule(request.getRule()).setLimit(MOST).build()).getCountersList().stream()
            .filter(each -> quotas.reset(each.getHandler(), each.getKey()))
            .count();
    return QuotaResetResponse.newBuilder().setCounters(forgotten).build();
  }

  private List<Charge> charges() {
    return Inventory.of(known).stream().flatMap(each -> each.charges().stream()).toList();
  }

  private static List<Charge> wanted(List<Charge> charges, String rule) {
    List<Charge> wanted = charges.stream().filter(each -> rule.isEmpty() || each.rule().equals(rule)).toList();
    if (wanted.isEmpty() && !rule.isEmpty()) {
      throw Status.NOT_FOUND.withDescription("no rule " + rule + " charges a quota here; write name.namespace, as 'tenon policy list' does").asRuntimeException();
    }
    return wanted;
  }

  private static QuotaCounter counter(Quotas.Counted counted, List<Charge> charges) {
    CounterKey key = CounterKey.of(counted.spending().key());
    Set<String> rules = new TreeSet<>();
    charges.stream()
        .filter(each -> each.handler().equals(counted.handler()) && each.instance().equals(key.instance()))
        .forEach(each -> rules.add(each.rule()));
    return QuotaCounter.newBuilder()
        .setHandler(counted.handler())
        .setInstance(key.instance())
        .addAllRules(rules)
        .setKey(counted.spending().key())
        .putAllDimensions(key.dimensions())
        .setSpent(counted.spending().spent())
        .setLimit(counted.spending().limit())
        .setResetNanos(nanos(counted.spending().reset()))
        .build();
  }

  /** A time that is longer than numbers reach is as good as that. */
  static long nanos(java.time.Duration time) {
    return time.compareTo(java.time.Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : time.toNanos();
  }
}
