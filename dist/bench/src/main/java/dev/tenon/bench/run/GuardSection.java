package dev.tenon.bench.run;

import dev.tenon.bench.contend.Ground;
import dev.tenon.bench.judge.Figures;
import java.io.IOException;
import java.io.PrintStream;

/** What the guard round an adapter's call costs. */
final class GuardSection {
    private GuardSection() {}

    static void run(Ground ground, boolean quick, Figures figures, PrintStream out) throws IOException, InterruptedException {
        out.println("guard");
        Micro.run(ground, "GuardCost", quick, out).forEach((name, score) -> {
            if (!name.contains(".")) {
                figures.put("guard." + name + "_ns", score);
            }
        });
        Double guarded = figures.number("guard.guarded_ns");
        Double direct = figures.number("guard.direct_ns");
        figures.put("guard.ns", guarded == null || direct == null ? null : guarded - direct);
    }
}
