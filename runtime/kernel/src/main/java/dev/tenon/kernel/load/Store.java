package dev.tenon.kernel.load;

import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's own copies of jars: what is loaded is never the file that somebody may overwrite. One
 * copy for each content; not thread-safe across calls for the same content.
 */
public final class Store {
  private static final Logger log = LoggerFactory.getLogger(Store.class);
  private static final long LARGEST = 512L << 20;
  private final Path folder;
  private final Gate gate;

  private Store(Path folder, Gate gate) {
    this.folder = folder;
    this.gate = gate;
  }

  /**
   * Keeps copies in a folder, which is made if it is missing.
   *
   * @param gate asked of every jar from the drop folder
   */
  public static Store in(Path folder, Gate gate) throws IOException {
    return new Store(Files.createDirectories(folder), gate);
  }

  /**
   * Copies a jar, looks into the copy, and wraps it if it is plain. What is looked at, judged and run
   * later is this one copy.
   *
   * @param overlay whether it comes from the drop folder, so that every byte is checked and the gate
   *     is asked; the distribution's own jars are what the process itself was started from
   * @param stamp grows whenever the file is written anew
   * @throws Refused when there is nothing in it that could be run
   * @throws Untrusted when the gate does not let it in
   */
  public synchronized Given take(Path file, boolean overlay, long stamp) throws IOException, Refused {
    Archive.hash(file);
    String name = String.valueOf(file.getFileName());
    Path raw = Files.createTempFile(folder, ".taken", ".jar");
    try {
      String digest = copy(file, raw, overlay);
      if (overlay) {
        Inspection.inspect(raw, folder);
      }
      Jar facts = Jar.read(raw, name);
      Signed signed = overlay ? gate.admit(raw, file, digest) : Signed.UNKNOWN;
      String stem = facts.module() + "-" + (overlay ? digest : facts.hash());
      Path original = folder.resolve(stem + ".jar");
      Path copy = facts.bundle() ? original : folder.resolve(stem + ".wrapped.jar");
      if (!facts.bundle() && !Files.exists(copy)) {
        wrap(raw, facts, copy);
      }
      if (!Files.exists(original)) {
        Files.move(raw, original, StandardCopyOption.ATOMIC_MOVE);
      }
      return new Given(facts.facts(), file, original, copy, overlay, stamp, signed);
    } finally {
      Files.deleteIfExists(raw);
    }
  }

  /** Whether the gate may judge otherwise of what it let in or kept out. */
  public boolean gateChanged() {
    return gate.changed();
  }

  /**
   * Asks the gate once more about a jar that it let in.
   *
   * @return the same jar with what is trusted now
   * @throws Untrusted when it must not run any longer
   */
  public Given again(Given jar) throws Untrusted {
    return jar.overlay() ? jar.signed(gate.again(jar)) : jar;
  }

  /**
   * Makes sure that the kernel's own copy is what the gate let in.
   *
   * @throws Refused when somebody changed it meanwhile
   */
  public void verify(Given jar) throws IOException, Refused {
    if (jar.overlay() && !digest(jar.original()).equals(jar.signed().digest())) {
      throw new Refused("was changed after it was judged: " + jar.original() + " is no longer what was let in; give the jar again");
    }
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (OutputStream nowhere = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, nowhere);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Copies, and names the content where it comes from outside. */
  private static String copy(Path file, Path raw, boolean overlay) throws IOException, Refused {
    if (!overlay) {
      Files.copy(file, raw, StandardCopyOption.REPLACE_EXISTING);
      return "";
    }
    MessageDigest digest = sha256();
    long length = 0;
    try (InputStream in = Files.newInputStream(file); OutputStream out = new DigestOutputStream(Files.newOutputStream(raw), digest)) {
      byte[] piece = new byte[65_536];
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        length += read;
        if (length > LARGEST) {
          throw new Refused("is larger than " + LARGEST + " bytes; jars of that size are not loaded");
        }
        out.write(piece, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Deletes every copy but these. */
  public synchronized void retain(Set<Path> copies) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path file : files) {
        if (!copies.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      log.debug("old copies in {} could not be deleted: {}", folder, e.toString());
    }
  }

  private void wrap(Path raw, Jar facts, Path copy) throws IOException {
    Path wrapped = Files.createTempFile(folder, ".wrapped", ".jar");
    try {
      Wrapping.wrap(raw, facts, wrapped);
      Files.move(wrapped, copy, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(wrapped);
    }
  }
}
