package dev.tenon.adapter.remote;

import com.google.protobuf.Struct;
import dev.tenon.wire.adapter.v1.CheckRequest;
import dev.tenon.wire.adapter.v1.CheckResponse;
import dev.tenon.wire.adapter.v1.CloseRequest;
import dev.tenon.wire.adapter.v1.CloseResponse;
import dev.tenon.wire.adapter.v1.GenerateRequest;
import dev.tenon.wire.adapter.v1.GenerateResponse;
import dev.tenon.wire.adapter.v1.OpenRequest;
import dev.tenon.wire.adapter.v1.OpenResponse;
import dev.tenon.wire.adapter.v1.PolicyAdapterGrpc;
import dev.tenon.wire.adapter.v1.Problem;
import dev.tenon.wire.adapter.v1.ReportRequest;
import dev.tenon.wire.adapter.v1.ReportResponse;
import dev.tenon.wire.adapter.v1.TakeRequest;
import dev.tenon.wire.adapter.v1.TakeResponse;
import dev.tenon.wire.policy.v1.Value;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An adapter behind a real socket: denies who is called mary, grants as its configuration says, and remembers. */
final class OtherProcess extends PolicyAdapterGrpc.PolicyAdapterImplBase implements AutoCloseable, BindableService {
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger generated = new AtomicInteger();
  final AtomicLong reported = new AtomicLong();
  final AtomicInteger largestReport = new AtomicInteger();
  volatile CountDownLatch answers = new CountDownLatch(0);
  volatile int code = 7;
  private final Map<String, Struct> sessions = new ConcurrentHashMap<>();
  private final Map<Object, Long> taken = new HashMap<>();
  private long windowEnd;
  private Server server;

  OtherProcess() throws IOException {
    server = listen(0);
  }

  private Server listen(int port) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)).addService(this).build().start();
  }

  int port() {
    return server.getPort();
  }

  /** As a process that was killed and started anew: it knows no session any more. */
  void restart() throws IOException {
    int port = port();
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    sessions.clear();
    server = listen(port);
  }

  private <T> void answer(StreamObserver<T> to, String session, java.util.function.Supplier<T> answer) {
    try {
      answers.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!sessions.containsKey(session)) {
      to.onError(Status.FAILED_PRECONDITION.withDescription("no such session").asRuntimeException());
      return;
    }
    to.onNext(answer.get());
    to.onCompleted();
  }

  @Override
  public void open(OpenRequest request, StreamObserver<OpenResponse> to) {
    OpenResponse.Builder response = OpenResponse.newBuilder();
    if (request.getConfig().containsFields("limt")) {
      response.addProblems(Problem.newBuilder().setField("limt").setMessage("unknown; did you mean limit?\nor what"));
    } else {
      String session = "s" + opened.incrementAndGet();
      sessions.put(session, request.getConfig());
      response.setSession(session);
    }
    to.onNext(response.build());
    to.onCompleted();
  }

  @Override
  public void close(CloseRequest request, StreamObserver<CloseResponse> to) {
    sessions.remove(request.getSession());
    closed.incrementAndGet();
    to.onNext(CloseResponse.getDefaultInstance());
    to.onCompleted();
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> to) {
    boolean mary = request.getInstance().getValuesOrDefault("value", Value.getDefaultInstance()).getText().equals("mary");
    answer(to, request.getSession(), () -> mary
        ? CheckResponse.newBuilder().setCode(code).setMessage("not you,\nmary").build()
        : CheckResponse.newBuilder().setValidNanos(5_000_000_000L).setUses(10).build());
  }

  @Override
  public void take(TakeRequest request, StreamObserver<TakeResponse> to) {
    answer(to, request.getSession(), () -> take(request));
  }

  private synchronized TakeResponse take(TakeRequest request) {
    Struct config = sessions.getOrDefault(request.getSession(), Struct.getDefaultInstance());
    long amount = (long) config.getFieldsOrThrow("amount").getNumberValue();
    long window = (long) config.getFieldsOrThrow("window").getNumberValue();
    long now = System.currentTimeMillis();
    if (now >= windowEnd) {
      taken.clear();
      windowEnd = now + window;
    }
    Object who = request.getInstance().getValuesMap();
    Object question = Map.of("who", who, "id", request.getDeduplicationId());
    TakeResponse.Builder response = TakeResponse.newBuilder().setValidNanos((windowEnd - now) * 1_000_000).setLimit(amount);
    if (taken.containsKey(question)) {
      return response.setGranted(taken.get(question)).build();
    }
    long left = amount - taken.getOrDefault(who, 0L);
    long granted = left >= request.getAmount() ? request.getAmount() : request.getBestEffort() ? left : 0;
    taken.merge(who, granted, Long::sum);
    if (!request.getDeduplicationId().isEmpty()) {
      taken.put(question, granted);
    }
    return response.setGranted(granted).setRemaining(left - granted).build();
  }

  @Override
  public void report(ReportRequest request, StreamObserver<ReportResponse> to) {
    answer(to, request.getSession(), () -> {
      reported.addAndGet(request.getInstancesCount());
      largestReport.accumulateAndGet(request.getInstancesCount(), Math::max);
      return ReportResponse.getDefaultInstance();
    });
  }

  @Override
  public void generate(GenerateRequest request, StreamObserver<GenerateResponse> to) {
    answer(to, request.getSession(), () -> {
      generated.incrementAndGet();
      Value owner = Value.newBuilder().setText("owner-of-" + request.getInstance().getValuesOrThrow("source_uid").getText()).build();
      return GenerateResponse.newBuilder().putOutputs("source_owner", owner).build();
    });
  }

  @Override
  public void close() {
    answers.countDown();
    server.shutdownNow();
  }
}
