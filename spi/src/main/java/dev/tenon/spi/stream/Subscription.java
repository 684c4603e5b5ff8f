package dev.tenon.spi.stream;

/** Ends a flow. Closing twice is harmless. */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
