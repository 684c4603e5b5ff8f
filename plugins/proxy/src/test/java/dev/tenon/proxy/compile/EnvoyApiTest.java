package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tenon.wire.xds.v1.Listener;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnvoyApiTest {
  private static final Set<String> ENTRIES = Set.of("PerFilter", "NamedStruct");

  @Test
  void whatTheProxyReadsIsEnvoysApiFieldByField() {
    Map<String, List<Descriptor>> envoys =
        messages().collect(Collectors.groupingBy(EnvoyApiTest::shortName));
    List<Descriptor> ours = new ArrayList<>();
    Listener.getDescriptor().getFile().getMessageTypes().forEach(each -> withNested(each).forEach(ours::add));

    assertThat(ours)
        .hasSizeGreaterThan(50)
        .filteredOn(each -> !ENTRIES.contains(each.getName()))
        .allSatisfy(
            mine ->
                assertThat(envoys.getOrDefault(shortName(mine), List.of()))
                    .as(mine.getFullName())
                    .anySatisfy(theirs -> assertThat(differences(mine, theirs)).isEmpty()));
  }

  private static List<String> differences(Descriptor mine, Descriptor theirs) {
    List<String> differences = new ArrayList<>();
    for (FieldDescriptor field : mine.getFields()) {
      FieldDescriptor other = theirs.findFieldByNumber(field.getNumber());
      if (other == null || !other.getName().equals(field.getName())) {
        differences.add(field.getFullName() + " is not " + other);
      } else if (field.isRepeated() != other.isRepeated() || !sameOneof(field, other) || !sameType(field, other)) {
        differences.add(field.getFullName() + " is not like " + other.getFullName());
      }
    }
    return differences;
  }

  private static boolean sameOneof(FieldDescriptor mine, FieldDescriptor theirs) {
    return mine.getRealContainingOneof() == null
        ? theirs.getRealContainingOneof() == null
        : theirs.getRealContainingOneof() != null
            && mine.getRealContainingOneof().getName().equals(theirs.getRealContainingOneof().getName());
  }

  private static boolean sameType(FieldDescriptor mine, FieldDescriptor theirs) {
    if (mine.getType() == FieldDescriptor.Type.BYTES) {
      return theirs.getType() == FieldDescriptor.Type.BYTES || theirs.getType() == FieldDescriptor.Type.MESSAGE;
    }
    if (mine.getType() != theirs.getType()) {
      return false;
    }
    return switch (mine.getType()) {
      case MESSAGE ->
          theirs.isMapField()
              ? ENTRIES.contains(mine.getMessageType().getName())
              : shortName(mine.getMessageType()).equals(shortName(theirs.getMessageType()));
      case ENUM -> values(mine.getEnumType()).equals(values(theirs.getEnumType()));
      default -> true;
    };
  }

  private static Map<Integer, String> values(EnumDescriptor type) {
    return type.getValues().stream()
        .collect(Collectors.toMap(EnumValueDescriptor::getNumber, EnumValueDescriptor::getName, (a, b) -> a));
  }

  /** Without the package: {@code Cluster.EdsClusterConfig}. */
  private static String shortName(Descriptor message) {
    String file = message.getFile().getPackage();
    return file.isEmpty() ? message.getFullName() : message.getFullName().substring(file.length() + 1);
  }

  private static Stream<Descriptor> messages() {
    Set<FileDescriptor> files = new LinkedHashSet<>();
    Stream.of(
            Cluster.getDescriptor(),
            io.envoyproxy.envoy.config.listener.v3.Listener.getDescriptor(),
            HttpConnectionManager.getDescriptor(),
            Router.getDescriptor(),
            HTTPFault.getDescriptor(),
            FileAccessLog.getDescriptor(),
            PreviousHostsPredicate.getDescriptor(),
            TypedStruct.getDescriptor(),
            LeastRequest.getDescriptor(),
            RoundRobin.getDescriptor(),
            Random.getDescriptor(),
            DeltaDiscoveryResponse.getDescriptor())
        .forEach(each -> gather(each.getFile(), files));
    return files.stream().flatMap(file -> file.getMessageTypes().stream()).flatMap(EnvoyApiTest::withNested);
  }

  private static void gather(FileDescriptor file, Set<FileDescriptor> files) {
    if (files.add(file)) {
      file.getDependencies().forEach(each -> gather(each, files));
    }
  }

  private static Stream<Descriptor> withNested(Descriptor message) {
    return Stream.concat(Stream.of(message), message.getNestedTypes().stream().flatMap(EnvoyApiTest::withNested));
  }
}
