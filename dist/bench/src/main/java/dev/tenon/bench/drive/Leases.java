package dev.tenon.bench.drive;

import dev.tenon.wire.registration.v1.Beat;
import dev.tenon.wire.registration.v1.Lease;
import dev.tenon.wire.registration.v1.Port;
import dev.tenon.wire.registration.v1.RegistrationGrpc;
import dev.tenon.wire.registration.v1.Workload;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Many machines that hold a lease each, and beat three times in its life. */
public final class Leases implements AutoCloseable {
    private static final int STREAMS_EACH = 50;
    private static final double BEAT_SECONDS = 10 / 3.0;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Machine> machines = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong beats = new AtomicLong();

    private final class Machine implements StreamObserver<Lease> {
        private final StreamObserver<Beat> out;
        private volatile boolean granted;

        Machine(ManagedChannel channel, int number) {
            String name = "vm-" + number;
            out = RegistrationGrpc.newStub(channel).hold(this);
            out.onNext(Beat.newBuilder().setWorkload(Workload.newBuilder().setName(name).setNamespace("default")
                    .setAddress("10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255)).putLabels("version", "v1")
                    .addPorts(Port.newBuilder().setService("service-" + number % 200).setServicePort(80).setProtocol("HTTP")
                            .setListenPort(8080))).build());
        }

        void beat() {
            if (granted) {
                out.onNext(Beat.getDefaultInstance());
                beats.incrementAndGet();
            }
        }

        @Override
        public void onNext(Lease lease) {
            if (!granted) {
                granted = true;
                held.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended.incrementAndGet();
        }

        @Override
        public void onCompleted() {
            ended.incrementAndGet();
        }
    }

    /** Registers so many and begins to beat, each at its own moment. */
    public Leases(int port, int count) {
        for (int number = 0; number < count; number++) {
            if (number % STREAMS_EACH == 0) {
                channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
            }
            machines.add(new Machine(channels.getLast(), number));
        }
        long each = (long) (BEAT_SECONDS * 1e9 / count);
        AtomicInteger next = new AtomicInteger();
        var _ = timer.scheduleAtFixedRate(
                () -> machines.get(next.getAndIncrement() % count).beat(), each, each, TimeUnit.NANOSECONDS);
    }

    /** How many leases were granted. */
    public int held() {
        return held.get();
    }

    /** How many streams the registry ended. */
    public int ended() {
        return ended.get();
    }

    /** How many beats were sent after the first ones. */
    public long beats() {
        return beats.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
