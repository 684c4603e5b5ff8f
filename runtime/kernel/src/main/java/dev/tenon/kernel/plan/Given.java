package dev.tenon.kernel.plan;

import java.nio.file.Path;
import java.util.List;

/**
 * A jar that could be run.
 *
 * @param facts what it says of itself
 * @param file where it was found, for messages
 * @param original the kernel's own copy of it, unchanged
 * @param copy what is loaded: the original, or a bundle that wraps it
 * @param overlay from the drop folder, not from the distribution
 * @param stamp changes whenever the file is written anew, even with the same content; later ones are
 *     greater
 * @param signed who signed it
 */
public record Given(Facts facts, Path file, Path original, Path copy, boolean overlay, long stamp, Signed signed) {
  /** The name of the module or plug-in that it holds. */
  public String module() {
    return facts.module();
  }

  /** What its manifest or file name says. */
  public String version() {
    return facts.version();
  }

  /** Names its content. */
  public String hash() {
    return facts.hash();
  }

  /** The spi interfaces that a plug-in without an activator has providers for. */
  public List<String> services() {
    return facts.services();
  }

  /** What it replaces and is replaced by: its module, or that version of it where versions run side by side. */
  public String place() {
    return facts.place();
  }

  /** Offers providers alone: no activator of its own. */
  public boolean plain() {
    return facts.plain();
  }

  /** The same jar, signed by others. */
  public Given signed(Signed other) {
    return new Given(facts, file, original, copy, overlay, stamp, other);
  }

  /** What names this build of the module. */
  public String build() {
    return facts.build();
  }

  /** What a failure is remembered by: the jar is tried again when it was written anew. */
  public String attempt() {
    return file + "@" + facts.hash() + "@" + stamp;
  }
}
