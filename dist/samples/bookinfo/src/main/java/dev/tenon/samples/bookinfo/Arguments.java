package dev.tenon.samples.bookinfo;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line, checked: which service, which of its versions, and where it listens. */
record Arguments(Kind service, InetSocketAddress bind, String version) {
    static final String USAGE = """
            Usage: bookinfo SERVICE --bind ADDRESS:PORT [--version vN]

              SERVICE         productpage, details, reviews or ratings
              --bind          address and port to listen on; port 0 takes a free one
              --version       v1 (default); reviews also has v2 (black stars) and v3 (red stars)

            Environment: HTTP_PROXY, NO_PROXY; DETAILS_HOSTNAME, DETAILS_SERVICE_PORT and the like for
            REVIEWS and RATINGS; SERVICES_DOMAIN; RATINGS_TIMEOUT_MS; POD_NAME; CLUSTER_NAME.""";

    private static final Pattern BIND = Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]]+)):([0-9]{1,5})");
    private static final Pattern VERSION = Pattern.compile("v[0-9]{1,3}");

    /** The four services, each of which can be made for a version. */
    enum Kind {
        PRODUCTPAGE {
            @Override
            Service create(String version, Settings settings) {
                return new ProductPage(settings, Caller.through(settings.proxy()));
            }
        },
        DETAILS {
            @Override
            Service create(String version, Settings settings) {
                return new Details();
            }
        },
        REVIEWS {
            @Override
            Service create(String version, Settings settings) {
                return Reviews.version(version, settings, Caller.through(settings.proxy()));
            }
        },
        RATINGS {
            @Override
            Service create(String version, Settings settings) {
                return new Ratings();
            }
        };

        abstract Service create(String version, Settings settings);

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown service '" + word + "'; choose one of "
                            + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", "))));
        }
    }

    /** Reads the words of the command line; empty when they ask for help. */
    static Optional<Arguments> parse(String... words) {
        @Nullable String service = null;
        @Nullable String bind = null;
        String version = "v1";
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--help", "-h" -> {
                    return Optional.empty();
                }
                case "--bind" -> bind = value(words, i++);
                case "--version" -> version = value(words, i++);
                default -> {
                    if (service != null || words[i].startsWith("-")) {
                        throw new IllegalArgumentException("unexpected argument '" + words[i] + "'");
                    }
                    service = words[i];
                }
            }
        }
        if (service == null) {
            throw new IllegalArgumentException("SERVICE is missing");
        }
        if (bind == null) {
            throw new IllegalArgumentException("--bind ADDRESS:PORT is missing");
        }
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("--version " + version + ": expected v1, v2, ...");
        }
        return Optional.of(new Arguments(Kind.of(service), address(bind), version));
    }

    private static String value(String[] words, int option) {
        if (option + 1 >= words.length) {
            throw new IllegalArgumentException(words[option] + " needs a value");
        }
        return words[option + 1];
    }

    private static InetSocketAddress address(String text) {
        Matcher matcher = BIND.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new IllegalArgumentException(
                    "--bind " + text + ": expected ADDRESS:PORT, for example 127.0.0.11:9080 or [::1]:9080");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(matcher.group(3)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("--bind " + text + ": no address is known for " + host);
        }
        return address;
    }

    /** An address as a person writes it: {@code 127.0.0.1:9080} or {@code [::1]:9080}. */
    static String shown(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
