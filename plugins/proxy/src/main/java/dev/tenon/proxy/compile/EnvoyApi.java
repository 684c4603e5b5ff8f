package dev.tenon.proxy.compile;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.TypeRegistry;
import dev.tenon.wire.policy.v1.Policy;
import dev.tenon.wire.policy.v1.PolicyFilter;
import dev.tenon.wire.workload.v1.Workload;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;

/**
 * Envoy's whole API, and what stands beside it on the stream. Its descriptors are slow to build and large, so nothing
 * that serves touches them: they name a field that is refused, and write {@code /config_dump}.
 */
final class EnvoyApi {
  /** Every message that a resource may hold, by its full name; with all that their files import. */
  static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(Cluster.getDescriptor())
          .add(ClusterLoadAssignment.getDescriptor())
          .add(Listener.getDescriptor())
          .add(RouteConfiguration.getDescriptor())
          .add(HttpConnectionManager.getDescriptor())
          .add(Router.getDescriptor())
          .add(HTTPFault.getDescriptor())
          .add(FileAccessLog.getDescriptor())
          .add(PreviousHostsPredicate.getDescriptor())
          .add(TypedStruct.getDescriptor())
          .add(LeastRequest.getDescriptor())
          .add(RoundRobin.getDescriptor())
          .add(Random.getDescriptor())
          .add(PolicyFilter.getDescriptor())
          .add(Policy.getDescriptor())
          .add(Workload.getDescriptor())
          .build();

  private EnvoyApi() {}
}
