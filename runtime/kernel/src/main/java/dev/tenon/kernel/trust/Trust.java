package dev.tenon.kernel.trust;

import dev.tenon.kernel.load.Gate;
import dev.tenon.kernel.load.Untrusted;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Signed;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose jars may run in this process. The mode is for the drop folder; {@link #demand} is for jars that
 * come over the network and asks for a signature whatever the mode.
 *
 * <p>Every decision is one line of the logger {@code dev.tenon.audit.modules}. Thread-safe but for {@link
 * #changed}, which one thread calls.
 */
public final class Trust implements Gate {
  private static final Logger audit = LoggerFactory.getLogger("dev.tenon.audit.modules");

  /** What the drop folder asks of a jar. */
  public enum Mode {
    /** Nothing: signatures are not looked at. */
    OFF,
    /** A jar that nobody trusted has signed runs, with a warning. */
    WARN,
    /** Only a jar that somebody trusted has signed runs. */
    REQUIRE
  }

  private final Mode mode;
  private final CertificateFiles files;

  private Trust(Mode mode, CertificateFiles files) {
    this.mode = mode;
    this.files = files;
  }

  /**
   * Reads the trust store.
   *
   * @param certificates folders and PEM files; may be none
   * @throws IOException when one of them is not there or cannot be used; the message is for an operator
   */
  public static Trust of(Mode mode, List<Path> certificates) throws IOException {
    return new Trust(mode, new CertificateFiles(certificates));
  }

  /** What the drop folder asks. */
  public Mode mode() {
    return mode;
  }

  /**
   * Judges a jar's signatures by the trust store, whatever the mode. Decides nothing and writes no audit
   * line.
   *
   * @param copy a file that nobody else writes to meanwhile
   */
  public Verdict verify(Path copy) throws IOException {
    return look(copy).verdict();
  }

  /**
   * Reads every entry of a jar and who signed it; says nothing of whom to trust.
   *
   * @param jar inspected before
   * @return the chain of each signer that signed every entry, at least one
   * @throws Untrusted when nobody did, or something was changed after it was signed
   */
  public static List<List<X509Certificate>> signers(Path jar) throws IOException, Untrusted {
    try {
      return Signatures.chains(jar);
    } catch (Signatures.Unsigned e) {
      throw new Untrusted(String.valueOf(e.getMessage()));
    }
  }

  /** Judges signers that were read elsewhere, as {@link #verify} would; empty chains count for nothing. */
  public Verdict judge(List<List<X509Certificate>> chains) {
    return judge(chains.stream().filter(each -> !each.isEmpty()).toList(), "is not signed").verdict();
  }

  /**
   * Lets a jar in that came over the network: only with a signature, whatever the mode.
   *
   * @param copy the kernel's own copy, which is what is installed later
   * @param from who sent it, for the audit line
   * @return who signed it
   * @throws Untrusted when nobody who is trusted has
   */
  public String demand(Path copy, String from, String digest) throws IOException, Untrusted {
    Verdict verdict = verify(copy);
    say(verdict, verdict instanceof Verdict.Trusted, from, digest);
    return switch (verdict) {
      case Verdict.Trusted trusted -> trusted.signer();
      case Verdict.Refused refused -> throw new Untrusted(refused.reason());
    };
  }

  @Override
  public Signed admit(Path copy, Path file, String digest) throws IOException, Untrusted {
    if (mode == Mode.OFF) {
      audit.info("unchecked mode=off file=\"{}\" sha256={}", printable(file.toString()), digest);
      return new Signed(digest, "", List.of());
    }
    Verdict.Found found = look(copy);
    return decide(found, file, digest);
  }

  @Override
  public boolean changed() {
    return files.refresh() && mode != Mode.OFF;
  }

  @Override
  public Signed again(Given jar) throws Untrusted {
    if (mode == Mode.OFF) {
      return jar.signed();
    }
    return decide(judge(jar.signed().chains(), "is not signed as a whole by anybody; sign it with jarsigner"), jar.file(), jar.signed().digest());
  }

  private Signed decide(Verdict.Found found, Path file, String digest) throws Untrusted {
    say(found.verdict(), mode == Mode.WARN || found.verdict() instanceof Verdict.Trusted, file.toString(), digest);
    return switch (found.verdict()) {
      case Verdict.Trusted trusted -> new Signed(digest, trusted.signer(), found.chains());
      case Verdict.Refused refused when mode == Mode.REQUIRE -> throw new Untrusted(refused.reason());
      case Verdict.Refused ignored -> new Signed(digest, "", found.chains());
    };
  }

  private Verdict.Found look(Path copy) throws IOException {
    try {
      return judge(Signatures.chains(copy), "");
    } catch (Signatures.Unsigned e) {
      return new Verdict.Found(new Verdict.Refused(String.valueOf(e.getMessage())), List.of());
    }
  }

  /** Trusted when one of the signers is. */
  private Verdict.Found judge(List<List<X509Certificate>> chains, String otherwise) {
    String reason = otherwise;
    Certificates present = files.present();
    for (List<X509Certificate> chain : chains) {
      Optional<String> objection = present.objection(chain, Instant.now());
      if (objection.isEmpty()) {
        X509Certificate signer = chain.getFirst();
        return new Verdict.Found(new Verdict.Trusted(Certificates.name(signer), signer.getNotAfter().toInstant().getEpochSecond()), chains);
      }
      reason = objection.get();
    }
    return new Verdict.Found(new Verdict.Refused(reason), chains);
  }

  private void say(Verdict verdict, boolean let, String file, String digest) {
    String setting = mode.name().toLowerCase(Locale.ROOT);
    switch (verdict) {
      case Verdict.Trusted trusted -> audit.info("trusted mode={} file=\"{}\" sha256={} signer=\"{}\" until={}", setting, printable(file), digest,
          printable(trusted.signer()), Instant.ofEpochSecond(trusted.until()));
      case Verdict.Refused refused -> audit.warn("{} mode={} file=\"{}\" sha256={} reason=\"{}\"", let ? "untrusted" : "refused", setting,
          printable(file), digest, printable(refused.reason()));
    }
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?").replace('"', '\'');
  }
}
