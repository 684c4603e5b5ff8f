package dev.tenon.proxy.serve;

import dev.tenon.proxy.plug.Loops;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lanes of one generation, one for each event loop. Thread-safe. */
public final class Lanes implements Loops {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  private final List<Lane> all = new CopyOnWriteArrayList<>();
  private final ConcurrentMap<EventLoop, Lane> byLoop = new ConcurrentHashMap<>();

  /** Adds the lane of a loop. */
  public void add(EventLoop loop, Lane lane) {
    all.add(lane);
    byLoop.put(loop, lane);
  }

  /** All of them, in the order of their loops. */
  public List<Lane> all() {
    return all;
  }

  /** The lane of a loop. */
  public @Nullable Lane of(EventLoop loop) {
    return byLoop.get(loop);
  }

  /** Runs something on each loop; on one that has ended, nothing. */
  public void each(Consumer<Lane> task) {
    all.forEach(lane -> on(lane, () -> task.accept(lane)));
  }

  private static boolean on(Lane lane, Runnable task) {
    try {
      lane.loop().executor().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop has ended", e);
      return false;
    }
  }

  @Override
  public CompletionStage<Void> comeRound() {
    List<CompletableFuture<Void>> round = new ArrayList<>();
    for (Lane lane : all) {
      CompletableFuture<Void> came = new CompletableFuture<>();
      round.add(came);
      boolean runs =
          on(
              lane,
              () -> {
                lane.poke();
                came.complete(null);
              });
      if (!runs) {
        came.complete(null);
      }
    }
    return CompletableFuture.allOf(round.toArray(CompletableFuture[]::new));
  }
}
