package dev.tenon.kernel.admit;

/** What somebody may do. */
public enum Role {
  /** Everything but making tokens. */
  OPERATOR,
  /** Look. */
  VIEWER
}
