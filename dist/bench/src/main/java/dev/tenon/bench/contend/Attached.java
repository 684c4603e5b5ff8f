package dev.tenon.bench.contend;

import dev.tenon.bench.drive.Target;
import java.io.IOException;
import java.util.Optional;

/** A proxy that already runs: it is moved to the proxy's core, measured, and left running there. */
public record Attached(Ground ground, long pid, int port, String host) implements Contestant {
    @Override
    public String name() {
        return "given";
    }

    @Override
    public Optional<String> missing() {
        return ProcessHandle.of(pid).isPresent() ? Optional.empty() : Optional.of("no process " + pid);
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Running start(Setting setting) throws IOException, InterruptedException {
        int moved = new ProcessBuilder("taskset", "-a", "-cp", Integer.toString(ground.proxyCore()), Long.toString(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (moved != 0) {
            throw new IOException("process " + pid + " cannot be moved to core " + ground.proxyCore());
        }
        return new Running(pid, new Target(port, host), Optional.empty(), () -> {});
    }
}
