package dev.tenon.pilot.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.spi.model.Belonging;
import dev.tenon.spi.model.Locality;
import dev.tenon.spi.model.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadWriterTest {
  @Test
  void whoLivesAtAnAddressIsToldWithItsOwnerAndItsMachine() throws Exception {
    Workload cart =
        new Workload("cart-1", "shop", "lab", "10.0.0.9", Map.of("app", "cart"), new Locality("eu", "eu-1", "room"), "cart", List.of())
            .of(new Belonging("kubernetes://x/cart", "192.0.2.1"));
    Resource written = WorkloadWriter.workload(cart);
    assertThat(written.name()).isEqualTo("lab/10.0.0.9");
    assertThat(written.body().unpack(dev.tenon.wire.workload.v1.Workload.class))
        .isEqualTo(
            dev.tenon.wire.workload.v1.Workload.newBuilder()
                .setName("cart-1").setNamespace("shop").setNetwork("lab").setAddress("10.0.0.9").putLabels("app", "cart")
                .setServiceAccount("cart").setRegion("eu").setZone("eu-1").setSubZone("room")
                .setOwner("kubernetes://x/cart").setHost("192.0.2.1").build());
  }
}
