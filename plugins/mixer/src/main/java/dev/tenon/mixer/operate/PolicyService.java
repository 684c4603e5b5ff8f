package dev.tenon.mixer.operate;

import dev.tenon.wire.admin.v1.DeniedRequest;
import dev.tenon.wire.admin.v1.DeniedResponse;
import dev.tenon.wire.admin.v1.DescribePolicyRequest;
import dev.tenon.wire.admin.v1.DescribePolicyResponse;
import dev.tenon.wire.admin.v1.ExplainRequest;
import dev.tenon.wire.admin.v1.ExplainResponse;
import dev.tenon.wire.admin.v1.PolicyAdminGrpc;
import dev.tenon.wire.admin.v1.QuotaResetRequest;
import dev.tenon.wire.admin.v1.QuotaResetResponse;
import dev.tenon.wire.admin.v1.QuotaTopRequest;
import dev.tenon.wire.admin.v1.QuotaTopResponse;
import dev.tenon.mixer.decide.Engine;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.spi.lifecycle.Offer;
import dev.tenon.spi.policy.Whereabouts;
import dev.tenon.spi.policy.Quotas;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code tenon policy} asks. Answers on the threads of administration, which may wait. */
public final class PolicyService extends PolicyAdminGrpc.PolicyAdminImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyService.class);

  private final QuotaDesk counters;
  private final Description description;
  private final ExplainDesk explaining;

  public PolicyService(InForce known, Adapters adapters, Quotas quotas, Engine engine) {
    this.explaining = new ExplainDesk(known, engine);
    this.counters = new QuotaDesk(known, quotas);
    this.description = new Description(known, adapters);
  }

  /** Takes note of who knows where requests arrive. */
  public void present(List<Offer<Whereabouts>> offers) {
    explaining.present(offers);
  }

  @Override
  public void explain(ExplainRequest request, StreamObserver<ExplainResponse> answer) {
    answer(answer, () -> explaining.explain(request));
  }

  @Override
  public void denied(DeniedRequest request, StreamObserver<DeniedResponse> answer) {
    answer(answer, () -> explaining.denied(request));
  }

  @Override
  public void describe(DescribePolicyRequest request, StreamObserver<DescribePolicyResponse> answer) {
    answer(answer, () -> description.of(request));
  }

  @Override
  public void top(QuotaTopRequest request, StreamObserver<QuotaTopResponse> answer) {
    answer(answer, () -> counters.top(request));
  }

  @Override
  public void reset(QuotaResetRequest request, StreamObserver<QuotaResetResponse> answer) {
    answer(answer, () -> counters.reset(request));
  }

  private static <A> void answer(StreamObserver<A> to, Supplier<A> work) {
    A said;
    try {
      said = work.get();
    } catch (StatusRuntimeException e) {
      to.onError(e);
      return;
    } catch (RuntimeException e) {
      LOG.error("an operator's question failed", e);
      to.onError(Status.INTERNAL.withDescription("mixer failed; its log says more: " + e).asRuntimeException());
      return;
    }
    to.onNext(said);
    to.onCompleted();
  }
}
