package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.tenon.proxy.plug.Plugs;
import dev.tenon.proxy.subscribe.Kind;
import dev.tenon.proxy.subscribe.Resource;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page is JSON whatever is in it, and shows what is in force beside what was refused last. */
class ConfigDumpTest {
  private final Assembly assembly = new Assembly(() -> Instant.EPOCH, Plugs.none());

  @Test
  void showsWhatIsInForceWhatWaitsAndWhatWasRefused() throws Exception {
    send(Kind.CLUSTERS, "a", "1", Protos.cluster("name: 'a' type: STATIC lb_policy: RANDOM").toByteString());
    send(Kind.CLUSTERS, "a", "2", Protos.cluster("name: 'a' lb_policy: MAGLEV").toByteString());
    send(Kind.CLUSTERS, "w", "1",
        Protos.cluster("name: 'w' type: EDS eds_cluster_config { eds_config { ads {} } }").toByteString());

    List<Value> clusters = section(0, "dynamic_active_clusters");
    Map<String, Value> a = clusters.getFirst().getStructValue().getFieldsMap();
    assertThat(text(a, "version_info")).isEqualTo("1");
    assertThat(text(a, "client_status")).isEqualTo("ACKED");
    assertThat(text(fields(a, "cluster"), "lb_policy")).isEqualTo("RANDOM");
    assertThat(text(fields(a, "error_state"), "details")).isEqualTo("a: lb_policy: MAGLEV is not carried out by this proxy");
    assertThat(text(fields(a, "error_state"), "version_info")).isEqualTo("2");
    assertThat(text(clusters.get(1).getStructValue().getFieldsMap(), "client_status")).isEqualTo("WARMING");
  }

  @Test
  void whatNobodyKnowsIsShownAllTheSame() throws Exception {
    Cluster strange =
        Cluster.newBuilder()
            .setName("s\"\n")
            .putTypedExtensionProtocolOptions("x", Any.newBuilder().setTypeUrl("type.googleapis.com/what").build())
            .build();
    send(Kind.CLUSTERS, "s\"\n", "1", strange.toByteString());

    Map<String, Value> refused = section(0, "dynamic_active_clusters").getFirst().getStructValue().getFieldsMap();
    assertThat(text(refused, "name")).isEqualTo("s\"\n");
    assertThat(text(fields(fields(refused, "error_state"), "failed_configuration"), "value")).isNotEmpty();
  }

  private void send(Kind kind, String name, String version, ByteString body) {
    assembly.receive(kind, List.of(new Resource(name, version, body)), List.of());
  }

  private List<Value> section(int index, String list) throws Exception {
    Struct.Builder json = Struct.newBuilder();
    JsonFormat.parser().merge(ConfigDump.json(assembly), json);
    Value section = json.getFieldsOrThrow("configs").getListValue().getValues(index);
    return section.getStructValue().getFieldsOrThrow(list).getListValue().getValuesList();
  }

  private static Map<String, Value> fields(Map<String, Value> of, String name) {
    return of.getOrDefault(name, Value.getDefaultInstance()).getStructValue().getFieldsMap();
  }

  private static String text(Map<String, Value> of, String name) {
    return of.getOrDefault(name, Value.getDefaultInstance()).getStringValue();
  }
}
