package dev.tenon.spi.policy;

/** What an adapter can be given, in Mixer's template names. */
public enum Template {
  /** No fields: the rule's match says it all. */
  CHECKNOTHING("checknothing"),
  /** {@code value}: a text or an IP address to look for. */
  LISTENTRY("listentry"),
  /**
   * {@code dimensions}: what is counted apart, a map from text to values; empty or left out, all requests
   * are counted together. An adapter that takes it is a {@link QuotaAdapter}.
   */
  QUOTA("quota");

  private final String wireName;

  Template(String wireName) {
    this.wireName = wireName;
  }

  /** The name in {@code compiledTemplate}. */
  public String wireName() {
    return wireName;
  }
}
