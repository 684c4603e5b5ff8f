package dev.tenon.proxy.plug;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.telemetry.Sink;
import dev.tenon.spi.telemetry.SinkFactory;
import dev.tenon.spi.traffic.Balancer;
import dev.tenon.spi.traffic.BalancerFactory;
import dev.tenon.spi.traffic.RequestFilter;
import dev.tenon.spi.traffic.RequestFilterFactory;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One kind of plug-in.
 *
 * @param type of its factories, which is what jars offer
 * @param called what messages call it
 * @param <F> its factories
 * @param <P> what they make
 */
public record PlugKind<F, P extends AutoCloseable>(
    Class<F> type,
    String called,
    Function<F, String> name,
    Predicate<F> nonBlocking,
    BiFunction<F, Fields, P> build) {
  public static final PlugKind<RequestFilterFactory, RequestFilter> FILTER =
      new PlugKind<>(
          RequestFilterFactory.class,
          "request filter",
          RequestFilterFactory::name,
          RequestFilterFactory::nonBlocking,
          RequestFilterFactory::build);

  public static final PlugKind<BalancerFactory, Balancer> BALANCER =
      new PlugKind<>(BalancerFactory.class, "balancer", BalancerFactory::name, any -> true, BalancerFactory::build);

  public static final PlugKind<SinkFactory, Sink> SINK =
      new PlugKind<>(SinkFactory.class, "telemetry sink", SinkFactory::name, any -> false, SinkFactory::build);
}
