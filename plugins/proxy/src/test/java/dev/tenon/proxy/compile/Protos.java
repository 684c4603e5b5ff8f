package dev.tenon.proxy.compile;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.PolicyFilter;
import dev.tenon.wire.workload.v1.Workload;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;

/** Resources written as text, as a reader of Envoy's documentation knows them. */
public final class Protos {
  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(HttpConnectionManager.getDescriptor())
          .add(TypedStruct.getDescriptor())
          .add(Random.getDescriptor())
          .add(Router.getDescriptor())
          .add(HTTPFault.getDescriptor())
          .add(Cors.getDescriptor())
          .add(TcpProxy.getDescriptor())
          .add(FileAccessLog.getDescriptor())
          .add(StdoutAccessLog.getDescriptor())
          .add(PreviousHostsPredicate.getDescriptor())
          .add(PolicyFilter.getDescriptor())
          .add(Cluster.getDescriptor())
          .add(ClusterLoadAssignment.getDescriptor())
          .add(Listener.getDescriptor())
          .add(RouteConfiguration.getDescriptor())
          .add(Policy.getDescriptor())
          .add(Workload.getDescriptor())
          .add(Metadata.getDescriptor())
          .build();

  private Protos() {}

  public static Cluster cluster(String text) {
    return parse(text, Cluster.newBuilder()).build();
  }

  public static ClusterLoadAssignment assignment(String text) {
    return parse(text, ClusterLoadAssignment.newBuilder()).build();
  }

  public static Listener listener(String text) {
    return parse(text, Listener.newBuilder()).build();
  }

  public static RouteConfiguration table(String text) {
    return parse(text, RouteConfiguration.newBuilder()).build();
  }

  /** Parses text into any message. */
  public static <B extends Message.Builder> B parse(String text, B builder) {
    try {
      TextFormat.Parser.newBuilder().setTypeRegistry(TYPES).build().merge(text, builder);
      return builder;
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(e.getMessage() + " in\n" + text, e);
    }
  }
}
