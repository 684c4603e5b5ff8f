package dev.tenon.mixer.evaluate;

/**
 * What an evaluation gives instead of a value, mostly because an attribute is absent. A value, not an
 * exception: it is common on the request path, and where it can it is made once.
 *
 * @param reason one line for an operator
 */
public record Failure(String reason) {
  static Failure absent(String attribute) {
    return new Failure("the request has no " + attribute);
  }
}
