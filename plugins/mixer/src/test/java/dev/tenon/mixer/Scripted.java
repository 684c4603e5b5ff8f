package dev.tenon.mixer;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An adapter that does as it is told. Its parameters are {@code note}, any text but {@code bad}. */
public final class Scripted implements AdapterFactory {
  /** How many handlers were built, and closed, and how many calls came. */
  public final AtomicInteger built = new AtomicInteger();

  public final AtomicInteger closed = new AtomicInteger();
  public final AtomicInteger calls = new AtomicInteger();

  private final String name;
  private final boolean nonBlocking;
  private final Function<Instance, Verdict> script;
  private Set<Template> templates = Set.of(Template.CHECKNOTHING, Template.LISTENTRY);

  private Scripted(String name, boolean nonBlocking, Function<Instance, Verdict> script) {
    this.name = name;
    this.nonBlocking = nonBlocking;
    this.script = script;
  }

  /** One that is called on the caller's thread. */
  public static Scripted computing(String name, Function<Instance, Verdict> script) {
    return new Scripted(name, true, script);
  }

  /** One that may block. */
  public static Scripted blocking(String name, Function<Instance, Verdict> script) {
    return new Scripted(name, false, script);
  }

  /** The same, taking these templates. */
  public Scripted of(Template... templates) {
    this.templates = Set.of(templates);
    return this;
  }

  /** A denial for the caller to read. */
  public static Verdict deny(String message) {
    return new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, message, Verdict.Validity.ONCE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Template> templates() {
    return templates;
  }

  @Override
  public boolean nonBlocking() {
    return nonBlocking;
  }

  @Override
  public Adapter build(Fields params) {
    if (params.text("note", "").equals("bad")) {
      params.error("note", "is bad; write something else");
    }
    built.incrementAndGet();
    return new Adapter() {
      @Override
      public Verdict check(Instance instance) {
        calls.incrementAndGet();
        return script.apply(instance);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
