package dev.tenon.mixer;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Charge;
import dev.tenon.spi.policy.Grant;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.QuotaAdapter;
import dev.tenon.spi.policy.Template;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** A quota adapter named {@code counting} that grants as it is told. */
public final class Counting implements AdapterFactory {
  /** What it was asked, in order. */
  public final List<Instance> asked = new CopyOnWriteArrayList<>();

  private final boolean nonBlocking;
  private final BiFunction<Instance, Charge, Grant> script;

  /** One that grants as a function says. */
  public Counting(boolean nonBlocking, BiFunction<Instance, Charge, Grant> script) {
    this.nonBlocking = nonBlocking;
    this.script = script;
  }

  /** One that grants some requests and then none. */
  public static Counting upTo(int most, boolean nonBlocking) {
    Counting[] self = new Counting[1];
    self[0] =
        new Counting(
            nonBlocking,
            (instance, charge) -> new Grant(self[0].asked.size() <= most ? charge.amount() : 0, Duration.ofMinutes(1)));
    return self[0];
  }

  @Override
  public String name() {
    return "counting";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.QUOTA);
  }

  @Override
  public boolean nonBlocking() {
    return nonBlocking;
  }

  @Override
  public Adapter build(Fields params) {
    QuotaAdapter adapter =
        (instance, charge) -> {
          asked.add(instance);
          return script.apply(instance, charge);
        };
    return adapter;
  }
}
