package dev.tenon.mixer.accept;

/** The codes of what mixer has to say about configuration. */
public final class Codes {
  /** An expression that does not compile. */
  public static final String EXPRESSION = "TEN0301";

  /** An expression that its author can hardly have meant. */
  public static final String DOUBTFUL = "TEN0302";

  /** A name that nothing has. */
  public static final String REFERENCE = "TEN0303";

  /** An adapter that is not installed. */
  public static final String ADAPTER_ABSENT = "TEN0304";

  /** Parameters that an adapter refuses. */
  public static final String ADAPTER_REFUSES = "TEN0305";

  /** A template that an adapter does not take. */
  public static final String TEMPLATE = "TEN0306";

  /** An attribute that nothing has, or of another type. */
  public static final String ATTRIBUTE = "TEN0307";

  /** Instances that make attributes of each other. */
  public static final String CYCLE = "TEN0308";

  /** A dimension, or a quota, that nothing has. */
  public static final String DIMENSION = "TEN0309";

  private Codes() {}
}
