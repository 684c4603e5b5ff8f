package dev.tenon.bench.drive;

import dev.tenon.wire.policy.v1.Answer;
import dev.tenon.wire.policy.v1.Answers;
import dev.tenon.wire.policy.v1.Question;
import dev.tenon.wire.policy.v1.Questions;
import dev.tenon.wire.policy.v1.SharedPolicyGrpc;
import dev.tenon.wire.policy.v1.Value;
import dev.tenon.wire.policy.v1.ValueMap;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Proxies that ask a policy service to charge a quota, each question in a message of its own: no prefetch, no batches. */
public final class Asking implements AutoCloseable {
    private static final int CALLERS = 1_000;

    private final List<Proxy> proxies = new ArrayList<>();
    private final String handler;
    private final String instance;
    private final LongAdder granted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean going;

    /** Connects to a port of loopback. */
    public Asking(int port, int proxies, String handler, String instance) {
        this.handler = handler;
        this.instance = instance;
        for (int i = 0; i < proxies; i++) {
            this.proxies.add(new Proxy(port));
        }
    }

    /** Asks once a while until an answer is a grant. */
    public void untilGranted(int seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (granted.sum() == 0) {
            if (System.nanoTime() > end) {
                throw new IOException("the policy service grants nothing");
            }
            proxies.getFirst().ask();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Keeps so many questions of each proxy under way for a time; returns how many were answered by a grant. */
    public long run(int millis, int underWay) throws IOException, InterruptedException {
        long before = granted.sum();
        long broken = failed.sum();
        going = true;
        for (Proxy each : proxies) {
            for (int i = 0; i < underWay; i++) {
                each.ask();
            }
        }
        TimeUnit.MILLISECONDS.sleep(millis);
        going = false;
        long decided = granted.sum() - before;
        TimeUnit.MILLISECONDS.sleep(50);
        if (failed.sum() > broken) {
            throw new IOException(failed.sum() - broken + " questions were not granted");
        }
        return decided;
    }

    /** One stream. Its answers come one after the other. */
    private final class Proxy implements StreamObserver<Answers> {
        private final ManagedChannel channel;
        private final StreamObserver<Questions> questions;
        private final AtomicLong ids = new AtomicLong();

        Proxy(int port) {
            channel = Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).directExecutor().build();
            questions = SharedPolicyGrpc.newStub(channel).ask(this);
        }

        synchronized void ask() {
            long id = ids.incrementAndGet();
            ValueMap dimensions = ValueMap.newBuilder()
                    .putValues("user", Value.newBuilder().setText("user-" + id % CALLERS).build()).build();
            Question question = Question.newBuilder()
                    .setId(id).setHandler(handler).setInstance(instance).setTemplate("quota").setAmount(1)
                    .setDeduplicationId(System.identityHashCode(this) + "-" + id).setHoldNanos(5_000_000)
                    .putValues("dimensions", Value.newBuilder().setMap(dimensions).build()).build();
            questions.onNext(Questions.newBuilder().addQuestions(question).build());
        }

        @Override
        public void onNext(Answers answers) {
            for (Answer each : answers.getAnswersList()) {
                if (each.hasGranted() && each.getGranted().getAmount() > 0) {
                    granted.increment();
                } else {
                    failed.increment();
                }
                if (going) {
                    ask();
                }
            }
        }

        @Override
        public void onError(Throwable cause) {
            failed.increment();
        }

        @Override
        public void onCompleted() {
            failed.increment();
        }
    }

    @Override
    public void close() {
        proxies.forEach(each -> each.channel.shutdownNow());
    }
}
