package dev.tenon.cli.module;

import com.google.protobuf.ByteString;
import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Format;
import dev.tenon.cli.client.Refused;
import dev.tenon.cli.client.Target;
import dev.tenon.kernel.load.Inspection;
import dev.tenon.kernel.load.Jar;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.kernel.trust.Verdict;
import dev.tenon.wire.admin.v1.SignerChain;
import dev.tenon.wire.admin.v1.VerifyModuleRequest;
import dev.tenon.wire.admin.v1.VerifyModuleResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenon module verify}: whether a jar is in order and signed by somebody who is trusted; installs nothing. */
@Command(
    name = "verify",
    description = "Says whether a jar is in order and who signed it, by the certificates here or by those that a process trusts.")
final class VerifyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "A jar.")
  private Path file = Path.of("");

  @Option(
      names = "--certificates",
      paramLabel = "DIR|FILE",
      description = "Whom to trust: a folder or a PEM file, may be repeated. No process is asked then.")
  private List<Path> certificates = List.of();

  @Option(names = {"-o", "--output"}, defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
  private Format format = Format.table;

  @Mixin private Target target = new Target();

  @Override
  public Integer call() {
    try {
      Inspection.inspect(file, Path.of(System.getProperty("java.io.tmpdir")));
      Jar jar = Jar.read(file, String.valueOf(file.getFileName()));
      List<List<X509Certificate>> signers = Trust.signers(file);
      print(jar, certificates.isEmpty() ? ask(signers) : Trust.of(Trust.Mode.REQUIRE, certificates).judge(signers));
      return 0;
    } catch (dev.tenon.kernel.load.Refused e) {
      throw new Refused(file + " " + e.getMessage());
    } catch (IOException e) {
      throw new Refused(e instanceof java.nio.file.FileSystemException ? e.toString() : String.valueOf(e.getMessage()));
    }
  }

  private Verdict ask(List<List<X509Certificate>> signers) {
    VerifyModuleRequest.Builder request = VerifyModuleRequest.newBuilder();
    signers.forEach(each -> request.addSigners(chain(each)));
    try (AdminSocket socket = target.connect()) {
      VerifyModuleResponse answer = socket.modules().verify(request.build());
      return answer.getReason().isEmpty()
          ? new Verdict.Trusted(answer.getSigner(), answer.getValidUntilSeconds()) : new Verdict.Refused(answer.getReason());
    }
  }

  private static SignerChain chain(List<X509Certificate> certificates) {
    SignerChain.Builder chain = SignerChain.newBuilder();
    for (X509Certificate each : certificates) {
      try {
        chain.addCertificates(ByteString.copyFrom(each.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new Refused("a certificate of a signer cannot be written: " + e.getMessage());
      }
    }
    return chain.build();
  }

  private void print(Jar jar, Verdict verdict) {
    switch (verdict) {
      case Verdict.Refused refused -> throw new Refused(file + " " + refused.reason());
      case Verdict.Trusted trusted -> {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", jar.module());
        row.put("version", jar.version());
        row.put("signer", trusted.signer());
        row.put("until", Instant.ofEpochSecond(trusted.until()).toString());
        format.print(System.out, List.copyOf(row.keySet()), List.of(row));
      }
    }
  }
}
