package dev.tenon.bench.contend;

import java.io.IOException;
import java.util.Optional;

/** A contestant that cannot take part, with the reason. */
public record Absent(String name, String reason) implements Contestant {
    @Override
    public Optional<String> missing() {
        return Optional.of(reason);
    }

    @Override
    public Running start(Setting setting) throws IOException {
        throw new IOException(name + " cannot start: " + reason);
    }
}
