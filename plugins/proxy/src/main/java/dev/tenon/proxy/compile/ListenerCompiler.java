package dev.tenon.proxy.compile;

import com.google.protobuf.ByteString;
import dev.tenon.wire.xds.v1.Filter;
import dev.tenon.wire.xds.v1.FilterChain;
import dev.tenon.wire.xds.v1.Listener;

/** Compiles listeners: one address, one filter chain, HTTP on it. Pure. */
public final class ListenerCompiler {
  private static final Shape CHAIN =
      Shape.of(
              "envoy.config.listener.v3.FilterChain", FilterChain.METADATA_FIELD_NUMBER, FilterChain.NAME_FIELD_NUMBER)
          .with(
              FilterChain.FILTER_CHAIN_MATCH_FIELD_NUMBER,
              // Any condition in it makes it a choice between chains, of which there is only one.
              Shape.of("envoy.config.listener.v3.FilterChainMatch"))
          .with(
              FilterChain.FILTERS_FIELD_NUMBER,
              Shape.of("envoy.config.listener.v3.Filter", Filter.NAME_FIELD_NUMBER, Filter.TYPED_CONFIG_FIELD_NUMBER));

  private static final Shape SHAPE =
      Shape.of(
              "envoy.config.listener.v3.Listener",
              Listener.NAME_FIELD_NUMBER,
              Listener.ADDRESS_FIELD_NUMBER,
              Listener.TRAFFIC_DIRECTION_FIELD_NUMBER,
              Listener.BIND_TO_PORT_FIELD_NUMBER,
              Listener.USE_ORIGINAL_DST_FIELD_NUMBER,
              Listener.TRANSPARENT_FIELD_NUMBER,
              Listener.FREEBIND_FIELD_NUMBER,
              // How the kernel of the system and that of this process take connections; no request sees it.
              Listener.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER,
              Listener.DRAIN_TYPE_FIELD_NUMBER,
              Listener.LISTENER_FILTERS_TIMEOUT_FIELD_NUMBER,
              Listener.CONTINUE_ON_LISTENER_FILTERS_TIMEOUT_FIELD_NUMBER,
              Listener.CONNECTION_BALANCE_CONFIG_FIELD_NUMBER,
              Listener.ENABLE_REUSE_PORT_FIELD_NUMBER,
              Listener.TCP_BACKLOG_SIZE_FIELD_NUMBER,
              Listener.MAX_CONNECTIONS_TO_ACCEPT_PER_SOCKET_EVENT_FIELD_NUMBER,
              // They only observe.
              Listener.STAT_PREFIX_FIELD_NUMBER,
              Listener.METADATA_FIELD_NUMBER)
          .with(Listener.FILTER_CHAINS_FIELD_NUMBER, CHAIN);

  private ListenerCompiler() {}

  /** Compiles the bytes of a {@code Listener}. */
  public static Compilation<ListenerSpec> compile(ByteString bytes) {
    return Unusable.attempt(
        () -> {
          SHAPE.demand(bytes);
          return listener(Listener.parseFrom(bytes));
        });
  }

  private static ListenerSpec listener(Listener listener) {
    Values.mustBeOff("use_original_dst", listener.getUseOriginalDst());
    Values.mustBeOff("transparent", listener.getTransparent());
    Values.mustBeOff("freebind", listener.getFreebind());
    if (listener.hasBindToPort() && !listener.getBindToPort().getValue()) {
      throw new Unusable("bind_to_port", "a listener without a port of its own is not carried out by this proxy");
    }
    if (listener.getFilterChainsCount() != 1) {
      throw new Unusable(
          "filter_chains", "there are " + listener.getFilterChainsCount() + "; this proxy carries out exactly one");
    }
    return new ListenerSpec(
        listener.getName(),
        Unusable.in("address", () -> Values.address(listener.getAddress())),
        direction(listener),
        Unusable.in("filter_chains[0]", () -> chain(listener.getFilterChains(0))));
  }

  private static HttpSpec chain(FilterChain chain) {
    if (chain.getFiltersCount() != 1) {
      throw new Unusable("filters", "there are " + chain.getFiltersCount() + "; this proxy carries out exactly one");
    }
    Filter filter = chain.getFilters(0);
    return Unusable.in("filters[0].typed_config", () -> HttpCompiler.compile(filter.getTypedConfig()));
  }

  private static ListenerSpec.Direction direction(Listener listener) {
    return switch (listener.getTrafficDirection()) {
      case UNSPECIFIED -> ListenerSpec.Direction.UNSPECIFIED;
      case INBOUND -> ListenerSpec.Direction.INBOUND;
      case OUTBOUND -> ListenerSpec.Direction.OUTBOUND;
      case UNRECOGNIZED -> throw new Unusable("traffic_direction", "is none that this proxy knows");
    };
  }
}
