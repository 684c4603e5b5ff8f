package dev.tenon.kernel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.TokenAdminGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceTableTest {
  private final ServiceTable table = new ServiceTable(name -> name.startsWith("dev.tenon.admin."), () -> true);
  private final AtomicInteger bound = new AtomicInteger();

  private Offer<BindableService> counted(String module, BindableService service) {
    return new Offer<>(module, "1", () -> {
      bound.incrementAndGet();
      return service.bindService();
    });
  }

  private List<String> served() {
    return table.getServices().stream().map(ServerServiceDefinition::getServiceDescriptor).map(each -> each.getName()).sorted().toList();
  }

  @Test
  void aSwapOfOneModuleBindsItsServicesAloneAndServesAll() {
    Offer<BindableService> kept = counted("kernel", new ModuleAdminGrpc.ModuleAdminImplBase() {});
    table.replace(List.of(kept, counted("tokens", new TokenAdminGrpc.TokenAdminImplBase() {})));
    assertThat(bound).hasValue(2);
    table.replace(List.of(kept, counted("tokens", new TokenAdminGrpc.TokenAdminImplBase() {})));
    assertThat(bound).hasValue(3);
    assertThat(served()).containsExactly("dev.tenon.admin.v1.ModuleAdmin", "dev.tenon.admin.v1.TokenAdmin");
    assertThat(table.lookupMethod("dev.tenon.admin.v1.TokenAdmin/List", null)).isNotNull();
    table.replace(List.of(kept));
    assertThat(served()).containsExactly("dev.tenon.admin.v1.ModuleAdmin");
    assertThat(table.lookupMethod("dev.tenon.admin.v1.TokenAdmin/List", null)).isNull();
    assertThat(bound).hasValue(3);
  }
}
