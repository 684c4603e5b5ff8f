package dev.tenon.bench.run;

import dev.tenon.bench.contend.SwapMesh.Host;
import dev.tenon.cli.client.AdminSocket;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a process tells of its own modules when it is asked. Close it after use. */
final class Told implements AutoCloseable {
    private final AdminSocket socket;

    Told(Host host) {
        this.socket = new AdminSocket(host.plugins().resolveSibling("admin.sock"));
    }

    /** Modules that run now: each has a class loader. */
    int running() {
        return names().size();
    }

    private List<String> names() {
        return socket.modules().list(ListModulesRequest.getDefaultInstance()).getModulesList().stream()
                .filter(module -> module.getState().equals("active")).map(module -> module.getName() + " " + module.getBuild()).toList();
    }

    /**
     * What holds the class loaders of old generations, with the way from a root to each; waits until the process has found that out.
     *
     * @param seconds to wait at most
     */
    List<String> held(int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ModuleLeaksResponse leaks = leaks();
        while (leaks.getWaiting() > 0 && System.nanoTime() < end) {
            TimeUnit.SECONDS.sleep(1);
            leaks = leaks();
        }
        List<String> lines = new ArrayList<>();
        leaks.getLeaksList().forEach(leak -> lines.add(leak.getModule() + " " + leak.getBuild() + ": "
                + (leak.getPathCount() == 0 ? leak.getReason() : String.join(" \u2192 ", leak.getPathList()))));
        lines.add(leaks.getCollected() + " collected, " + leaks.getWaiting() + " waited for, " + leaks.getLeaksCount() + " held; it runs " + names());
        return lines;
    }

    private ModuleLeaksResponse leaks() {
        return socket.modules().leaks(ModuleLeaksRequest.getDefaultInstance());
    }

    @Override
    public void close() {
        socket.close();
    }
}
