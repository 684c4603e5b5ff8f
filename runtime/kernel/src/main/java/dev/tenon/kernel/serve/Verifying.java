package dev.tenon.kernel.serve;

import com.google.protobuf.ByteString;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.kernel.trust.Verdict;
import dev.tenon.wire.admin.v1.SignerChain;
import dev.tenon.wire.admin.v1.VerifyModuleRequest;
import dev.tenon.wire.admin.v1.VerifyModuleResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers whether this process trusts who signed a jar that lies elsewhere. */
final class Verifying {
  private static final int MOST = 100;

  private Verifying() {}

  static void answer(Trust trust, VerifyModuleRequest request, StreamObserver<VerifyModuleResponse> answer) {
    try {
      VerifyModuleResponse.Builder response = VerifyModuleResponse.newBuilder().setMode(trust.mode().name().toLowerCase(Locale.ROOT));
      switch (trust.judge(chains(request))) {
        case Verdict.Trusted trusted -> response.setSigner(trusted.signer()).setValidUntilSeconds(trusted.until());
        case Verdict.Refused refused -> response.setReason(refused.reason());
      }
      answer.onNext(response.build());
      answer.onCompleted();
    } catch (CertificateException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription("a certificate cannot be read: " + e.getMessage()).asRuntimeException());
    }
  }

  private static List<List<X509Certificate>> chains(VerifyModuleRequest request) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<List<X509Certificate>> chains = new ArrayList<>();
    int left = MOST;
    for (SignerChain chain : request.getSignersList()) {
      List<X509Certificate> certificates = new ArrayList<>();
      for (ByteString each : chain.getCertificatesList()) {
        if (left-- == 0) {
          throw new CertificateException("there are more than " + MOST);
        }
        certificates.add((X509Certificate) factory.generateCertificate(each.newInput()));
      }
      chains.add(certificates);
    }
    return chains;
  }
}
