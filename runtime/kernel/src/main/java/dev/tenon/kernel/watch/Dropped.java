package dev.tenon.kernel.watch;

import java.nio.file.Path;

/**
 * A jar in the drop folder that has stopped changing.
 *
 * @param file where it lies
 * @param digest SHA-256 of its bytes, in hexadecimal
 * @param problem why it is no jar, for an operator; empty when it is one
 */
public record Dropped(Path file, String digest, String problem) {}
