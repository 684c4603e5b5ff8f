package dev.tenon.spi.ports;

import java.net.SocketAddress;

/** A borrowed listening address. Closing ends it for this generation only; twice is harmless. */
public interface Listening extends AutoCloseable {
  /** The address really bound, with the port that the system chose where 0 was asked for. */
  SocketAddress address();

  @Override
  void close();
}
