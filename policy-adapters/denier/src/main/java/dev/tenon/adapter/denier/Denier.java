package dev.tenon.adapter.denier;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Deny;
import dev.tenon.spi.policy.Verdict.Validity;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Mixer's {@code denier}. Parameters: {@code status} with a {@code code} of google.rpc.Code
 * [FAILED_PRECONDITION] and a {@code message}; {@code validDuration} [5s] and {@code validUseCount}
 * [1000], for how long and how often a caller may reuse the verdict.
 */
public final class Denier implements AdapterFactory {
  @Override
  public String name() {
    return "denier";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.CHECKNOTHING, Template.LISTENTRY);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    Optional<Fields> status = params.mapping("status");
    Code code = status.map(Denier::code).orElse(Code.FAILED_PRECONDITION);
    String message = status.map(each -> each.text("message", "")).orElse("");
    status.ifPresent(each -> each.refuse("details", "a denial carries a code and a message"));
    Duration time = params.duration("validDuration").orElse(Duration.ofSeconds(5));
    long uses = params.whole("validUseCount", 0, Integer.MAX_VALUE).orElse(1000L);
    Deny verdict = new Deny(code, message, new Validity(time, (int) uses));
    return new Denying(verdict, new LongAdder());
  }

  /** One handler. */
  private record Denying(Deny verdict, LongAdder denied) implements Adapter {
    @Override
    public Verdict check(Instance instance) {
      denied.increment();
      return verdict;
    }

    @Override
    public List<Family> figures() {
      return List.of(new Family("denier_adapter_denials_total", Kind.COUNTER, List.of(Sample.of(Map.of(), (double) denied.sum()))));
    }
  }

  private static Code code(Fields status) {
    Optional<Long> number = status.whole("code", 0, 16);
    if (number.isEmpty()) {
      return Code.FAILED_PRECONDITION;
    }
    Optional<Code> code =
        Arrays.stream(Code.values()).filter(each -> each.number() == number.get()).findFirst();
    if (code.isEmpty()) {
      String known =
          Arrays.stream(Code.values())
              .map(each -> each.number() + " " + each)
              .collect(Collectors.joining(", "));
      status.error("code", number.get() + " denies nobody; one of " + known);
    }
    return code.orElse(Code.FAILED_PRECONDITION);
  }
}
