package dev.tenon.spi.policy;

import dev.tenon.spi.config.Fields;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The plug point for policy adapters. A jar offers one by naming its class in {@code
 * META-INF/services/dev.tenon.spi.policy.AdapterFactory}; no other metadata is needed.
 */
public interface AdapterFactory {
  /** What a handler's {@code compiledAdapter} names. */
  String name();

  /** The templates whose instances its adapters judge. */
  Set<Template> templates();

  /**
   * Makes a handler of its parameters. Reads every field it knows; the caller reports those nobody
   * asked for and every error noted in {@code params}. It is a {@link QuotaAdapter}, a {@link
   * ReportAdapter} or an {@link AttributeGenerator} when {@link #templates} has one of that variety.
   *
   * @throws RuntimeException when no handler can be made; the message is shown to the operator
   */
  Adapter build(Fields params);

  /**
   * Makes a handler that has a name. What an adapter counts belongs to that name: a handler that is
   * built anew of other parameters may go on with what it has counted.
   *
   * @param handler {@code name.namespace}; empty when parameters are only tried out
   */
  default Adapter build(String handler, Fields params) {
    return build(params);
  }

  /**
   * Whether all proxies should ask one handler, in the policy service, rather than each one of its own: true
   * for what counts or remembers. Such a handler is given the values of its instances and no other attribute.
   * An operator may decide otherwise.
   */
  default boolean shared() {
    return false;
  }

  /**
   * Whether a handler's calls only compute. Such a call is made on the event loop and must
   * return within microseconds; any other runs on a thread of its own with a deadline.
   */
  default boolean nonBlocking() {
    return false;
  }

  /**
   * The same adapter with counters of its own that begin empty, and another clock: for tests of policy. Empty when an adapter
   * counts nothing, or by a clock that is not its own.
   *
   * @param nanos never goes back
   */
  default Optional<AdapterFactory> by(LongSupplier nanos) {
    return Optional.empty();
  }
}
