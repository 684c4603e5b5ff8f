package dev.tenon.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a report says of the machine it was made on. */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe() throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", field(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("cores", Files.readString(Path.of("/proc/stat")).lines().filter(l -> l.matches("cpu\\d.*")).count());
        String memory = field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
        machine.put("memory_mb", memory.isEmpty() ? 0 : Long.parseLong(memory) / 1024);
        machine.put("kernel", System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.vm.version"));
        machine.put("load", Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]));
        return machine;
    }

    private static String field(Path file, String name) throws IOException {
        return Files.readString(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }
}
