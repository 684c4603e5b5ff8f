package dev.tenon.bench.run;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The command line of a benchmark: its name, whether it is quick, and options with a value. */
public record Options(String benchmark, boolean quick, Map<String, String> values) {
    static final String USAGE =
            """
            usage: dist/bench/NAME [--quick] [--report FILE]
              --quick                 under 60 seconds, fewer and shorter rounds
              --report FILE           also writes the line of JSON to a file
            to measure a proxy that is being written, in the place of the shipped one:
              --contestant-cmd CMD    starts CMD; {port} is where to listen, {backend} where to connect
              --contestant-pid PID --contestant-port PORT [--contestant-host HOST]
                                      measures a process that runs, HOST being the Host header
              --backend-port PORT     where the backend listens, for such a process
              --only A,B              these contestants alone
              --sections S,T          these sections alone: saturated, rated, memory, observed, ready of http1;
                                      guard, start, neighbours of plugins; catalog, change, leases, join of registry;
                                      check, keys, service, trips, limited of policy
              --rounds N --seconds S  how many rounds of what length
            of swap alone (its sections: sidecar, control-plane, calm):
              --swaps N               how many in each process; 1000
              --each N --pause S      how many of each kind one by one, and the seconds of rest between them; 50 and 20
            """;
    private static final Set<String> VALUED = Set.of(
            "report", "contestant-cmd", "contestant-pid", "contestant-port", "contestant-host",
            "backend-port", "only", "sections", "rounds", "seconds", "swaps", "each", "pause");

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException naming the word that is wrong
     */
    public static Options parse(String... words) {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(words));
        String benchmark = Optional.ofNullable(rest.poll())
                .orElseThrow(() -> new IllegalArgumentException("which benchmark?"));
        boolean quick = false;
        Map<String, String> values = new HashMap<>();
        while (!rest.isEmpty()) {
            String word = rest.remove();
            String name = word.startsWith("--") ? word.substring(2) : "";
            if (name.equals("quick")) {
                quick = true;
            } else if (!VALUED.contains(name)) {
                throw new IllegalArgumentException("unknown option " + word);
            } else if (rest.isEmpty()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else {
                values.put(name, rest.remove());
            }
        }
        return new Options(benchmark, quick, Map.copyOf(values));
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    Optional<Path> report() {
        return value("report").map(Path::of);
    }

    int number(String name, int otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below with the option's name.
        }
        throw new IllegalArgumentException("--" + name + " must be a positive number, not " + text);
    }

    /** Whether a comma-separated option names this word, or is not given. */
    boolean wants(String option, String word) {
        String list = values.get(option);
        return list == null || Arrays.asList(list.split(",")).contains(word);
    }
}
