package dev.tenon.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MicroTest {
    @Test
    void scoresOfJmhAreNanosecondsAndBytes() {
        List<String> csv = List.of(
                "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99.9%)\",\"Unit\"",
                "\"a.b.GuardCost.direct\",\"avgt\",1,3,2.5,0.1,\"ns/op\"",
                "\"a.b.PolicyCost.list\",\"thrpt\",1,3,2000000.0,1.0,\"ops/s\"",
                "\"a.b.PolicyCost.list:cpuNanos\",\"thrpt\",1,3,500000000.0,1.0,\"ops/s\"",
                "\"a.b.PolicyCost.list:gc.alloc.rate\",\"thrpt\",1,3,99.0,1.0,\"MB/sec\"",
                "\"a.b.PolicyCost.list:gc.alloc.rate.norm\",\"thrpt\",1,3,88.0,1.0,\"B/op\"");
        assertThat(Micro.scores(csv)).isEqualTo(Map.of("direct", 2.5, "list", 250.0, "list.bytes", 88.0));
    }
}
