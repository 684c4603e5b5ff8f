package dev.tenon.spi.traffic;

/**
 * The head of an answer. See {@link Head}. Of an answer that the proxy gives itself, the fields that it
 * adds while it writes it ({@code content-type}, {@code location}, {@code date}) are not shown.
 */
public interface ResponseHead extends Head {
  /** Its status, 200 to 599. */
  int status();

  /** Whether the proxy gives this answer itself, in the place of an upstream. */
  boolean own();
}
