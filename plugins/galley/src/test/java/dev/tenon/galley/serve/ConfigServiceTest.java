package dev.tenon.galley.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.galley.publish.Configuration;
import dev.tenon.galley.publish.Editor;
import dev.tenon.galley.publish.Living;
import dev.tenon.galley.publish.Overview;
import dev.tenon.galley.source.Directory;
import dev.tenon.galley.source.LastGood;
import dev.tenon.galley.source.LocalDisk;
import dev.tenon.galley.source.Sources;
import dev.tenon.kernel.boot.YamlText;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.LiveObjects;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.ConfigAdminGrpc;
import dev.tenon.wire.admin.v1.DeleteRequest;
import dev.tenon.wire.admin.v1.DeleteResponse;
import dev.tenon.wire.admin.v1.Finding;
import dev.tenon.wire.admin.v1.GetRequest;
import dev.tenon.wire.admin.v1.GetResponse;
import dev.tenon.wire.admin.v1.ObjectChange;
import dev.tenon.wire.admin.v1.ObjectKey;
import dev.tenon.wire.admin.v1.Text;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Galley as an operator's command meets it: over gRPC. */
class ConfigServiceTest {
  private static final String RULE =
      "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\nspec:\n  host: a\n";

  @TempDir Path root;
  private final Living living = new Living();
  private Configuration configuration;
  private Server server;
  private ManagedChannel channel;
  private ConfigAdminGrpc.ConfigAdminBlockingStub stub;

  @BeforeEach
  void start() throws Exception {
    Directory directory = new Directory(root, new LocalDisk());
    configuration = new Configuration(new Sources(directory, Set.of()), new LastGood(directory.own()), "cluster.local");
    configuration.parser(new YamlText());
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new ConfigService(new Editor(configuration), new Overview(configuration, living)))
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort())).usePlaintext().build();
    stub = ConfigAdminGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void beforeTheFirstLookItIsUnavailable() {
    assertThatThrownBy(() -> apply(RULE)).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("UNAVAILABLE: the configuration has not been read yet; try again in a moment");
  }

  @Test
  void whatIsAppliedIsHadByAnyNameOfItsKindAndGoneWhenDeleted() {
    configuration.scan();
    ApplyResponse applied = apply(RULE);
    assertThat(applied.getAccepted()).isTrue();
    assertThat(applied.getChangesList()).extracting(ObjectChange::getChange).containsExactly("created");
    for (String kind : new String[] {"", "dr", "DR", "destinationrule", "DestinationRules", "destinationrules.networking.istio.io"}) {
      GetResponse found = stub.get(GetRequest.newBuilder().setKind(kind).build());
      assertThat(found.getObjectsList()).as(kind).singleElement().satisfies(each -> {
        assertThat(each.getYaml()).isEqualTo("apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\n  namespace: default\nspec:\n  host: a\n");
        assertThat(each.getKey().getKind()).isEqualTo("DestinationRule");
        assertThat(each.getChangedMillis()).isPositive();
      });
    }
    assertThat(stub.get(GetRequest.newBuilder().setNamespace("other").build()).getObjectsList()).isEmpty();
    DeleteResponse deleted =
        stub.delete(
            DeleteRequest.newBuilder()
                .addKeys(ObjectKey.newBuilder().setKind("dr").setName("a"))
                .addKeys(ObjectKey.newBuilder().setKind("vs").setName("ghost"))
                .addKeys(ObjectKey.newBuilder().setKind("vs").setName("../ghost"))
                .build());
    assertThat(deleted.getChangesList()).extracting(ObjectChange::getChange).containsExactly("deleted");
    assertThat(deleted.getMissingList()).extracting(ObjectKey::getName).containsExactly("ghost", "../ghost");
    assertThat(stub.get(GetRequest.getDefaultInstance()).getObjectsList()).isEmpty();
  }

  @Test
  void whatLivesByItselfIsShownAndIsNobodysToDeleteAndAnOperatorsOwnGoesBefore() {
    configuration.scan();
    Position at = Position.of("registry-vm");
    Node.Mapping spec = new Node.Mapping(new LinkedHashMap<>(Map.of("address", new Node.Text("10.0.0.13", at))), at);
    Node.Mapping status = new Node.Mapping(new LinkedHashMap<>(Map.of("conditions", new Node.Items(List.of(), at))), at);
    ConfigObject entry = new ConfigObject("networking.istio.io/v1", "WorkloadEntry", "default", "reviews-1", Map.of(), Map.of(), spec, at);
    living.makers(List.of(() -> List.of(new LiveObjects.Live(entry, status, Instant.ofEpochMilli(7), "the lease of its agent"))));
    GetRequest ask = GetRequest.newBuilder().setKind("we").build();
    assertThat(stub.get(ask).getObjectsList()).singleElement().satisfies(each -> {
      assertThat(each.getYaml()).isEqualTo("apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: reviews-1\n  namespace: default\nspec:\n  address: \"10.0.0.13\"\nstatus:\n  conditions: []\n");
      assertThat(each.getChangedMillis()).isEqualTo(7);
    });
    DeleteRequest delete = DeleteRequest.newBuilder().addKeys(ObjectKey.newBuilder().setKind("we").setName("reviews-1")).build();
    assertThat(stub.delete(delete).getFindingsList()).singleElement().satisfies(each -> assertThat(each.getMessage()).contains("it lives with the lease of its agent"));
    assertThat(stub.get(ask).getObjectsList()).hasSize(1);
    assertThat(apply("apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: reviews-1}\nspec: {address: 10.0.0.99}\n").getAccepted()).isTrue();
    assertThat(stub.get(ask).getObjectsList()).singleElement().satisfies(each -> assertThat(each.getYaml()).contains("10.0.0.99"));
    assertThat(stub.delete(delete).getChangesList()).hasSize(1);
    living.makers(List.of());
    assertThat(stub.get(ask).getObjectsList()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() throws Exception {
    configuration.scan();
    ApplyResponse refused = apply(RULE.replace("host:", "hosts:"));
    assertThat(refused.getAccepted()).isFalse();
    Finding finding = refused.getFindings(1);
    assertThat(finding.getSeverity() + " " + finding.getCode() + " " + finding.getOrigin() + ":" + finding.getLine() + ":" + finding.getColumn() + " " + finding.getField())
        .isEqualTo("error TEN0001 mine.yaml:6:10 spec.hosts");
    Files.writeString(root.resolve("broken.yaml"), "kind: [");
    configuration.scan();
    assertThat(stub.get(GetRequest.getDefaultInstance()).getFindingsList()).singleElement().satisfies(each -> assertThat(each.getOrigin()).endsWith("broken.yaml"));
  }

  @Test
  void anUnknownKindIsAnErrorThatNamesTheKnownOnes() {
    assertThatThrownBy(() -> stub.get(GetRequest.newBuilder().setKind("pods").build()))
        .hasMessage("INVALID_ARGUMENT: unknown kind pods; known: VirtualService, DestinationRule, Gateway, ServiceEntry, WorkloadEntry, WorkloadGroup, handler, instance, rule, attributemanifest, QuotaSpec, QuotaSpecBinding, RateLimit, RequestFilter");
  }

  private ApplyResponse apply(String yaml) {
    return stub.apply(ApplyRequest.newBuilder().addTexts(Text.newBuilder().setOrigin("mine.yaml").setYaml(yaml)).build());
  }
}
