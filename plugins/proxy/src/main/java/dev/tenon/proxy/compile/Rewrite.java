package dev.tenon.proxy.compile;

/**
 * What the upstream sees instead.
 *
 * @param host literal authority; empty keeps the request's
 */
public record Rewrite(PathRewrite path, String host) {
  /** Nothing changes. */
  public static final Rewrite NONE = new Rewrite(new PathRewrite.Keep(), "");
}
