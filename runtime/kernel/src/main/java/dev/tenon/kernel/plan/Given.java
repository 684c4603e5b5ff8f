package dev.tenon.kernel.plan;

import java.nio.file.Path;
import java.util.List;

/**
 * A jar that could be run.
 *
 * @param module the name of the module or plug-in that it holds
 * @param version what its manifest or file name says
 * @param hash names its content
 * @param file where it was found, for messages
 * @param copy the kernel's own copy, which is what is loaded
 * @param overlay from the drop folder, not from the distribution
 * @param services the spi interfaces that a plug-in without an activator has providers for; empty for
 *     a module
 * @param stamp changes whenever the file is written anew, even with the same content; later ones are
 *     greater
 * @param signed who signed it
 */
public record Given(
    String module, String version, String hash, Path file, Path copy, boolean overlay, List<String> services, long stamp,
    Signed signed) {
  public Given {
    services = List.copyOf(services);
  }

  /** Offers providers alone: no activator of its own. */
  public boolean plain() {
    return !services.isEmpty();
  }

  /** The same jar, signed by others. */
  public Given signed(Signed other) {
    return new Given(module, version, hash, file, copy, overlay, services, stamp, other);
  }

  /** What names this build of the module. */
  public String build() {
    return version + "-" + hash;
  }

  /** What a failure is remembered by: the jar is tried again when it was written anew. */
  public String attempt() {
    return file + "@" + hash + "@" + stamp;
  }
}
