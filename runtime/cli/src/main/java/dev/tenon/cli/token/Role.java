package dev.tenon.cli.token;

/** What a token's holder may do. */
enum Role {
  /** Everything but making tokens. */
  operator,

  /** Look. */
  viewer
}
