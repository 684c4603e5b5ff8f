package dev.tenon.bench.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void aCollectionLeavesTheLoadersOfModulesThatStillLive() {
        String histogram = """
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         12345        1234567  [B (java.base@25)
                 402:             6            576  org.apache.felix.framework.BundleWiringImpl$BundleClassLoader
                 403:             9            576  org.apache.felix.framework.BundleWiringImpl$BundleClassLoader$1
                """;

        assertThat(Footprint.loaders(histogram)).isEqualTo(6);
    }

    @Test
    void whatIsUsedOfTheMetaspaceCounts() {
        assertThat(Footprint.metaspace("4711:\nMetaspace        used 9230K, committed 9472K, reserved 1114112K\n class space     used 1787K\n"))
                .isEqualTo(9230);
    }
}
