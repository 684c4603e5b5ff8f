package dev.tenon.spi.trust;

import dev.tenon.spi.stream.Cell;
import dev.tenon.spi.stream.Source;
import java.security.cert.X509Certificate;

/** What the mesh port needs to speak TLS. Offered by one module; while nobody offers it, that port turns every connection away. */
public interface MeshTrust {
  /** The key that the port shows, and the authorities whose credentials it takes; a new value whenever one of them is renewed. */
  Source<ServerKeys> keys();

  /**
   * Whether a credential is still good, though its signature and its dates are: false when its host was turned out. Called for each call
   * on the mesh port, by any thread; does not wait for others.
   *
   * @param credential signed by one of the authorities, and within its dates
   */
  boolean admits(X509Certificate credential);

  /** A new value each time that a host was turned out or left: calls that stand are then held against {@link #admits} again. */
  default Source<Long> departures() {
    return new Cell<>(0L);
  }
}
