package dev.tenon.kernel.load;

import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Decides whether a jar from the drop folder may run. Asked by one thread at a time. */
public interface Gate {
  /** Lets everything in and looks at no signature. */
  Gate OPEN = (copy, file, digest) -> new Signed(digest, "", List.of());

  /**
   * Judges a jar before any of its code is used.
   *
   * @param copy the kernel's own copy, inspected, which nobody else writes to
   * @param file where it was found, for messages
   * @param digest the copy's SHA-256 in hexadecimal digits, for messages and for what is returned
   * @throws Untrusted when it must not run
   */
  Signed admit(Path copy, Path file, String digest) throws IOException, Untrusted;

  /**
   * Whether what was decided may be decided otherwise from now on; says so once. Asked at each look,
   * about once a second.
   */
  default boolean changed() {
    return false;
  }

  /**
   * Judges once more what was admitted.
   *
   * @throws Untrusted when it must not run any longer
   */
  default Signed again(Given jar) throws Untrusted {
    return jar.signed();
  }
}
