package dev.tenon.samples.bookinfo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * The one command of the sample: runs one of the four services until the process is told to stop.
 *
 * <p>Exit codes: 0 after {@code --help}, 1 when the address cannot be listened on, 2 for bad arguments or a bad
 * environment.
 */
public final class Bookinfo {
    private static final int STOP_SECONDS = 1;

    private Bookinfo() {}

    /** Runs {@code SERVICE --bind ADDRESS:PORT [--version vN]}. */
    public static void main(String[] arguments) {
        int exit = run(arguments, System.getenv(), System.out, System.err);
        if (exit >= 0) {
            System.exit(exit);
        }
    }

    /** Starts what the arguments ask for; returns the exit code, or -1 while the service runs on. */
    static int run(String[] words, Map<String, String> environment, PrintStream out, PrintStream err) {
        Optional<Listener> listener;
        try {
            Optional<Arguments> arguments = Arguments.parse(words);
            if (arguments.isEmpty()) {
                out.println(Arguments.USAGE);
                return 0;
            }
            listener = open(arguments.get(), Settings.from(environment), err);
        } catch (IllegalArgumentException e) {
            err.println("bookinfo: " + e.getMessage());
            err.println(Arguments.USAGE);
            return 2;
        }
        if (listener.isEmpty()) {
            return 1;
        }
        Listener running = listener.get();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.stop(STOP_SECONDS), "bookinfo-stop"));
        out.println(running.name() + " listens on " + Arguments.shown(running.address()));
        return -1;
    }

    private static Optional<Listener> open(Arguments arguments, Settings settings, PrintStream err) {
        Service service = arguments.service().create(arguments.version(), settings);
        String name = arguments.service().word() + " " + arguments.version();
        try {
            return Optional.of(Listener.open(name, arguments.bind(), service));
        } catch (IOException e) {
            err.println("bookinfo: " + name + " cannot listen on " + Arguments.shown(arguments.bind()) + ": "
                    + e.getMessage() + ". Stop what holds that port, or give another one with --bind ADDRESS:PORT.");
            return Optional.empty();
        }
    }
}
