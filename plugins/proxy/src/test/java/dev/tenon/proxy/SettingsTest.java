package dev.tenon.proxy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final Position AT = new Position("sidecar.yaml", 3, 1);

  @ParameterizedTest
  @CsvSource({"0.0.0.0, is not a loopback address", "10.0.0.1, is not a loopback address", "foo, is no IP address"})
  void theOutboundProxyIsOpenToItsOwnMachineAlone(String address, String said) {
    assertThatThrownBy(() -> read(address, false))
        .isInstanceOf(BadConfig.class)
        .hasMessageContaining("sidecar.yaml:3:1")
        .hasMessageContaining("outbound: ")
        .hasMessageContaining(said);
  }

  @Test
  void unlessThatIsMeant() {
    assertThatCode(() -> read("10.0.0.1", true)).doesNotThrowAnyException();
    assertThatCode(() -> read("127.0.0.13", false)).doesNotThrowAnyException();
  }

  private static void read(String outbound, boolean anywhere) {
    LinkedHashMap<String, Node> proxy = new LinkedHashMap<>();
    proxy.put("outbound", new Node.Text(outbound, AT));
    if (anywhere) {
      proxy.put("outboundAnywhere", new Node.Truth(true, AT));
    }
    Fields none = Fields.of(Node.Mapping.empty(AT));
    Settings.read(Fields.of(new Node.Mapping(proxy, AT)), none, none);
  }
}
