package dev.tenon.spi.policy;

/** What an adapter can be given, in Mixer's template names. */
public enum Template {
  /** No fields: the rule's match says it all. */
  CHECKNOTHING("checknothing"),
  /** {@code value}: a text or an IP address to look for. */
  LISTENTRY("listentry");

  private final String wireName;

  Template(String wireName) {
    this.wireName = wireName;
  }

  /** The name in {@code compiledTemplate}. */
  public String wireName() {
    return wireName;
  }
}
