package dev.tenon.proxy.compile;

import com.google.protobuf.Any;
import dev.tenon.wire.policy.v1.PolicyFilter;
import dev.tenon.wire.xds.v1.HttpFilter;
import dev.tenon.wire.xds.v1.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP filters of a connection manager: policy, then faults, then the router. The request path
 * knows them in this order only, and each at most once; plug-ins stand before policy or between it and
 * faults, as many as there are.
 *
 * @param policy whose policy judges
 * @param faults whether faults of routes are carried out
 * @param placed plug-ins
 */
record FilterChainCompiler(Optional<PolicySpec> policy, boolean faults, PlacedFilters placed) {
  static final String POLICY = "type.googleapis.com/dev.tenon.policy.v1.PolicyFilter";
  static final String ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

  private static final int MOST_NAMESPACES = 16;
  private static final int MOST_PLUGS = 32;
  private static final int PLUG = 0;

  private static final Shape ROUTER_SHAPE =
      Shape.of(
          "envoy.extensions.filters.http.router.v3.Router",
          Router.DYNAMIC_STATS_FIELD_NUMBER,
          Router.START_CHILD_SPAN_FIELD_NUMBER,
          Router.SUPPRESS_ENVOY_HEADERS_FIELD_NUMBER,
          Router.SUPPRESS_GRPC_REQUEST_FAILURE_CODE_STATS_FIELD_NUMBER);

  private static final Shape POLICY_SHAPE =
      Shape.of(
          "dev.tenon.policy.v1.PolicyFilter", PolicyFilter.NAMESPACES_FIELD_NUMBER, PolicyFilter.ATTRIBUTES_FIELD_NUMBER);

  private static final Shape NO_FAULT_OF_ITS_OWN =
      Shape.of("envoy.extensions.filters.http.fault.v3.HTTPFault");

  static FilterChainCompiler read(List<HttpFilter> filters) {
    Optional<PolicySpec> policy = Optional.empty();
    List<FilterSpec> before = new ArrayList<>();
    List<FilterSpec> after = new ArrayList<>();
    int reached = 0;
    boolean faults = false;
    for (int i = 0; i < filters.size(); i++) {
      HttpFilter filter = filters.get(i);
      String field = "http_filters[" + i + "]";
      int position = position(filter, field);
      if (position < 0) {
        continue;
      }
      if (position == PLUG && reached < 2) {
        (reached == 0 ? before : after)
            .add(Unusable.in(field + ".typed_config", () -> PlugReader.filter(filter.getName(), filter.getTypedConfig())));
        continue;
      }
      if (position <= reached) {
        throw new Unusable(field, "filters are carried out once each, and in the order policy, fault, router, with plug-ins before fault");
      }
      reached = position;
      Any config = filter.getTypedConfig();
      switch (position) {
        case 1 -> policy = Optional.of(Unusable.in(field + ".typed_config", () -> policy(config)));
        case 2 -> faults = Unusable.in(field + ".typed_config", () -> faults(config));
        default -> Unusable.in(field + ".typed_config", () -> router(config));
      }
    }
    if (reached != 3) {
      throw new Unusable("http_filters", "the router must be the last filter");
    }
    if (before.size() + after.size() > MOST_PLUGS) {
      throw new Unusable("http_filters", "more than " + MOST_PLUGS + " plug-ins are refused");
    }
    return new FilterChainCompiler(policy, faults, new PlacedFilters(before, after));
  }

  /** 1, 2 or 3 of the order; 0 for a plug-in, -1 for a filter to be passed over. */
  private static int position(HttpFilter filter, String field) {
    if (filter.getDisabled()) {
      return -1;
    }
    String type = Unusable.in(field + ".typed_config", () -> PlugReader.type(filter.getTypedConfig()));
    return switch (type) {
      case PlugReader.FILTER -> PLUG;
      case POLICY -> 1;
      case FaultCompiler.TYPE -> 2;
      case ROUTER -> 3;
      default -> {
        if (filter.getIsOptional()) {
          yield -1;
        }
        throw new Unusable(field + ".typed_config", "is " + type + ", a filter that this proxy does not have");
      }
    };
  }

  private static PolicySpec policy(Any config) {
    PolicyFilter filter = Unusable.unpack(config, POLICY, POLICY_SHAPE, PolicyFilter::parseFrom);
    if (filter.getNamespacesCount() > MOST_NAMESPACES) {
      throw new Unusable("namespaces", "more than " + MOST_NAMESPACES + " are refused");
    }
    return new PolicySpec(filter.getNamespacesList(), filter.getAttributesMap());
  }

  private static boolean faults(Any config) {
    Unusable.unpack(
        config,
        FaultCompiler.TYPE,
        NO_FAULT_OF_ITS_OWN,
        dev.tenon.wire.xds.v1.HTTPFault::parseFrom);
    return true;
  }

  private static boolean router(Any config) {
    Unusable.unpack(config, ROUTER, ROUTER_SHAPE, Router::parseFrom);
    return true;
  }
}
