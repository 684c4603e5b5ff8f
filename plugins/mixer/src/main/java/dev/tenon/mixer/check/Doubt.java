package dev.tenon.mixer.check;

/**
 * Something in a valid expression that its author can hardly have meant.
 *
 * @param message what, and what to write instead
 * @param at offset in the text
 */
public record Doubt(String message, int at) {}
