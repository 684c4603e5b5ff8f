package dev.tenon.proxy.request;

/** Looks at an answer's head before it is written, and may change it. */
@FunctionalInterface
public interface LastWord {
  /** Whether the answer may be sent; false: another takes its place. */
  boolean say(ResponseView answer);
}
