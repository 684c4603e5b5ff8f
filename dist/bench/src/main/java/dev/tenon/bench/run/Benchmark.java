package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Report;
import java.io.IOException;
import java.io.PrintStream;

/** One benchmark: dist/bench has a launcher of its name. */
interface Benchmark {
    /** Measures, telling its progress, and closes all that it started. */
    Report run(Ground ground, Options options, PrintStream out) throws IOException, InterruptedException;
}
