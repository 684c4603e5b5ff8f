package dev.tenon.adapter.remote;

import dev.tenon.spi.policy.AttributeGenerator;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.wire.adapter.v1.GenerateRequest;
import dev.tenon.wire.adapter.v1.GenerateResponse;
import dev.tenon.wire.value.Words;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One handler that makes attributes of what it was told before. */
final class Knowing implements AttributeGenerator {
  /** Of each of two generations: when the young one is full it becomes the old one, and what nobody asked for since is forgotten. */
  private static final int MOST = 5_000;

  private static final int MOST_UNDER_WAY = 64;
  private static final long USUAL = Duration.ofMinutes(1).toNanos();
  private static final long LEAST = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST = Duration.ofDays(1).toNanos();

  private final Session session;
  private final Calls calls = new Calls();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Map<Key, Known> young = new ConcurrentHashMap<>();
  private volatile Map<Key, Known> old = new ConcurrentHashMap<>();

  Knowing(Session session) {
    this.session = session;
  }

  private record Key(String instance, Map<String, Object> values) {}

  /**
   * What is known.
   *
   * @param until when it is no longer so
   * @param refresh when it is asked for again; in the past while it is being asked for
   */
  private record Known(Map<String, Object> outputs, long until, long refresh) {}

  @Override
  public Map<String, Object> generate(Instance instance) {
    Key key = new Key(instance.name(), instance.values());
    Known known = find(key);
    long now = System.nanoTime();
    if (known == null || now - known.refresh > 0) {
      look(key, known, instance);
    }
    if (known == null || now - known.until > 0) {
      calls.failed("known");
      return Map.of();
    }
    calls.answered("known");
    return known.outputs;
  }

  private @Nullable Known find(Key key) {
    Known known = young.get(key);
    if (known == null) {
      known = old.get(key);
      if (known != null) {
        keep(key, known);
      }
    }
    return known;
  }

  private void keep(Key key, Known known) {
    if (young.size() >= MOST) {
      synchronized (this) {
        if (young.size() >= MOST) {
          old = young;
          young = new ConcurrentHashMap<>();
        }
      }
    }
    young.put(key, known);
  }

  private void look(Key key, @Nullable Known known, Instance instance) {
    String id = session.now();
    if (id == null) {
      session.begin();
      return;
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      underWay.decrementAndGet();
      return;
    }
    long now = System.nanoTime();
    // Others need not ask meanwhile; if no answer comes, they may in a second.
    keep(key, known == null ? new Known(Map.of(), now, now + LEAST) : new Known(known.outputs, known.until, now + LEAST));
    session.later().generate(
        GenerateRequest.newBuilder().setSession(id).setInstance(Asking.message(instance)).build(), new Answered(key, id));
  }

  /** Takes one answer. */
  private final class Answered implements StreamObserver<GenerateResponse> {
    private final Key key;
    private final String id;

    Answered(Key key, String id) {
      this.key = key;
      this.id = id;
    }

    @Override
    public void onNext(GenerateResponse response) {
      long valid = response.getValidNanos() <= 0 ? USUAL : Math.clamp(response.getValidNanos(), LEAST, LONGEST);
      long now = System.nanoTime();
      keep(key, new Known(Map.copyOf(Words.values(response.getOutputsMap())), now + valid, now + valid / 4 * 3));
    }

    @Override
    public void onError(Throwable cause) {
      underWay.decrementAndGet();
      calls.failed("generate");
      session.failedLater(id, Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      underWay.decrementAndGet();
      calls.answered("generate");
    }
  }

  @Override
  public List<Family> figures() {
    return calls.figures(session.opened());
  }

  @Override
  public void close() {
    session.close();
  }
}
