package dev.tenon.kernel.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Reads who signed a jar. Says nothing of whom to trust. */
final class Signatures {
  private static final Pattern SIGNATURE_FILE = Pattern.compile("meta-inf/(manifest\\.mf|[^/]+\\.(sf|rsa|dsa|ec))");

  private Signatures() {}

  /** A jar is not wholly signed by anybody; the message says what is wrong. */
  static final class Unsigned extends Exception {
    private static final long serialVersionUID = 1L;

    Unsigned(String message) {
      super(message);
    }
  }

  /**
   * Reads every entry and checks it against the manifest and the signatures over that.
   *
   * @param jar inspected before, so that it has no entry twice
   * @return the chain of each signer that signed every entry; at least one
   * @throws Unsigned when there is none, or something was changed after it was signed
   */
  static List<List<X509Certificate>> chains(Path jar) throws IOException, Unsigned {
    try (JarFile file = new JarFile(jar.toFile(), true)) {
      List<JarEntry> entries = Collections.list(file.entries());
      if (entries.stream().noneMatch(each -> each.getName().toLowerCase(Locale.ROOT).matches("meta-inf/[^/]+\\.sf"))) {
        throw new Unsigned("is not signed; sign it with jarsigner");
      }
      Set<CodeSigner> everywhere = null;
      byte[] buffer = new byte[32_768];
      for (JarEntry entry : entries) {
        readAll(file, entry, buffer);
        if (!entry.isDirectory() && !SIGNATURE_FILE.matcher(entry.getName().toLowerCase(Locale.ROOT)).matches()) {
          Set<CodeSigner> own = signers(entry);
          if (everywhere == null) {
            everywhere = new LinkedHashSet<>(own);
          } else {
            everywhere.retainAll(own);
          }
        }
      }
      if (everywhere == null || everywhere.isEmpty()) {
        throw new Unsigned("is signed in parts by different signers, but by nobody as a whole; sign it once with jarsigner");
      }
      return everywhere.stream().map(Signatures::chain).toList();
    } catch (SecurityException e) {
      throw new Unsigned("was changed after it was signed (" + e.getMessage() + "); fetch it again from where it was signed");
    }
  }

  private static void readAll(JarFile file, JarEntry entry, byte[] buffer) throws IOException {
    try (InputStream in = file.getInputStream(entry)) {
      int read = 0;
      while (read >= 0) {
        read = in.read(buffer);
      }
    }
  }

  private static Set<CodeSigner> signers(JarEntry entry) throws Unsigned {
    CodeSigner[] own = entry.getCodeSigners();
    if (own == null) {
      throw new Unsigned("holds " + entry.getName() + ", which no signature covers (added after it was signed, or signed with an"
          + " algorithm that this JDK no longer accepts); sign it again with jarsigner");
    }
    return new LinkedHashSet<>(Arrays.asList(own));
  }

  private static List<X509Certificate> chain(CodeSigner signer) {
    return signer.getSignerCertPath().getCertificates().stream().map(X509Certificate.class::cast).toList();
  }
}
