package dev.tenon.kernel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.wire.enrolment.v1.EnrolmentGrpc;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class HandlersTest {
  private final List<Runnable> pool = new ArrayList<>();
  private final List<String> ran = new ArrayList<>();

  @Test
  void heartBeatsAreTakenByWhoeverBringsThemButForTheBeginning() {
    Executor own = Objects.requireNonNull(new Handlers(pool::add).getExecutor(call(RegistrationGrpc.getHoldMethod()), new Metadata()));
    own.execute(() -> ran.add("beginning"));
    assertThat(ran).isEmpty();
    own.execute(() -> ran.add("beat"));
    assertThat(ran).containsExactly("beat");
    pool.forEach(Runnable::run);
    assertThat(ran).containsExactly("beat", "beginning");
  }

  @Test
  void allOtherCallsAreForThePool() {
    assertThat(new Handlers(pool::add).getExecutor(call(EnrolmentGrpc.getJoinMethod()), new Metadata())).isNull();
  }

  private static <Q, A> ServerCall<Q, A> call(MethodDescriptor<Q, A> method) {
    return new ServerCall<>() {
      @Override
      public void request(int messages) {}

      @Override
      public void sendHeaders(Metadata headers) {}

      @Override
      public void sendMessage(A message) {}

      @Override
      public void close(Status status, Metadata trailers) {}

      @Override
      public boolean isCancelled() {
        return false;
      }

      @Override
      public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method;
      }
    };
  }
}
