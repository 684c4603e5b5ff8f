package dev.tenon.proxy.compile;

/** What came of compiling one resource. */
public sealed interface Compilation<T> {
  /** It can be carried out. */
  record Compiled<T>(T value) implements Compilation<T> {}

  /**
   * It cannot, and what was in force stays.
   *
   * @param path of the field in the resource, in the API's spelling, {@code
   *     virtual_hosts[0].routes[2].route}; empty for the whole
   * @param reason what is wrong, one line
   */
  record Rejected<T>(String path, String reason) implements Compilation<T> {}
}
