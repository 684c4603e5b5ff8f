package dev.tenon.kernel.serve;

import dev.tenon.kernel.offers.OfferTable;
import dev.tenon.kernel.ports.Loops;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind a listening address of the kernel's: the first connection starts a gRPC server,
 * all are given to it.
 */
public final class Front implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Front.class);
  private static final int MOST_WAITING = 256;
  private static final int MOST_THREADS = 16;
  private static final String ADMINISTRATION = "dev.tenon.admin.";
  private static final String TOKENS = "dev.tenon.admin.v1.TokenAdmin";

  private final String name;
  private final OfferTable offers;
  private final Predicate<String> served;
  private final BooleanSupplier complete;
  private final Loops loops;
  private final Consumer<NettyServerBuilder> guard;
  private final ThreadPoolExecutor threads;
  private final Queue<Channel> waiting = new ArrayDeque<>();
  private boolean starting;
  private boolean closed;
  private @Nullable GrpcServer server;

  private Front(String name, OfferTable offers, Predicate<String> served, BooleanSupplier complete, Loops loops,
      Consumer<NettyServerBuilder> guard) {
    this.name = name;
    this.offers = offers;
    this.served = served;
    this.complete = complete;
    this.loops = loops;
    this.guard = guard;
    this.threads = new ThreadPoolExecutor(MOST_THREADS, MOST_THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Serves administration: whatever is offered in {@code dev.tenon.admin}. While not complete, what is missing is unavailable, not unknown. */
  public static Front administration(OfferTable offers, BooleanSupplier complete, Loops loops) {
    return new Front("admin", offers, each -> each.startsWith(ADMINISTRATION), complete, loops, server -> {});
  }

  /** Serves administration from afar: all of it but the making of tokens. */
  public static Front remote(OfferTable offers, BooleanSupplier complete, Loops loops, RemoteAccess access) {
    return new Front("remote", offers, each -> each.startsWith(ADMINISTRATION) && !each.equals(TOKENS), complete, loops, access::guard);
  }

  /** Serves the mesh: everything else that is offered. */
  public static Front mesh(OfferTable offers, BooleanSupplier complete, Loops loops) {
    return new Front("mesh", offers, each -> !each.startsWith(ADMINISTRATION), complete, loops, server -> {});
  }

  /** Serves the mesh to other machines: TLS, and a credential with each call. */
  public static Front secureMesh(OfferTable offers, BooleanSupplier complete, Loops loops, MeshAccess access) {
    return new Front("mesh-tls", offers, each -> !each.startsWith(ADMINISTRATION), complete, loops, access::guard);
  }

  /** Takes a connection that is registered nowhere yet. Called on a loop; returns at once. */
  public synchronized void take(Channel connection) {
    GrpcServer present = server;
    if (present != null) {
      present.serve(connection);
    } else if (closed || waiting.size() >= MOST_WAITING) {
      connection.unsafe().closeForcibly();
    } else {
      waiting.add(connection);
      if (!starting) {
        starting = true;
        threads.execute(this::start);
      }
    }
  }

  private void start() {
    GrpcServer made = null;
    try {
      made = GrpcServer.start(name, offers, served, complete, loops.group(), threads, guard);
    } catch (java.io.IOException | RuntimeException | LinkageError e) {
      log.error("the gRPC server for {} does not start; the next connection tries again", name, e);
    }
    synchronized (this) {
      starting = false;
      server = made;
      for (Channel each : waiting) {
        if (made == null || closed) {
          each.unsafe().closeForcibly();
        } else {
          made.serve(each);
        }
      }
      waiting.clear();
    }
  }


  @Override
  public void close() {
    GrpcServer present;
    synchronized (this) {
      closed = true;
      present = server;
      server = null;
    }
    if (present != null) {
      present.close();
    }
    threads.shutdownNow();
  }
}
