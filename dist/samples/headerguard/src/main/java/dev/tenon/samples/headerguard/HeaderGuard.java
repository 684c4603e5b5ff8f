package dev.tenon.samples.headerguard;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Verdict;
import java.util.Locale;
import java.util.Set;

/**
 * Denies requests that carry a certain header. Parameters: {@code header}, its name; {@code message},
 * what the caller is told.
 */
public final class HeaderGuard implements AdapterFactory {
  /** What {@code compiledAdapter} names. */
  @Override
  public String name() {
    return "headerguard";
  }

  /** The rule's match says it all: no values are needed beside the request. */
  @Override
  public Set<Template> templates() {
    return Set.of(Template.CHECKNOTHING);
  }

  /** Looking at a header takes no time: may be called on the event loop. */
  @Override
  public boolean nonBlocking() {
    return true;
  }

  /** Reads the parameters; what is missing or wrong is told to the operator with its place. */
  @Override
  public Adapter build(Fields params) {
    String header = params.text("header").toLowerCase(Locale.ROOT);
    String message = params.text("message", "requests with " + header + " are not let in");
    Verdict denied =
        new Verdict.Deny(Verdict.Code.PERMISSION_DENIED, message, Verdict.Validity.ONCE);
    return instance ->
        instance.attributes().entry("request.headers", header) == null ? Verdict.ALLOW : denied;
  }
}
