package dev.tenon.mixer.serve;

import dev.tenon.mixer.accept.Accepted;
import dev.tenon.mixer.accept.Acceptor;
import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.dispatch.Handler;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.rules.RuleSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of this process's configuration: whoever asks names one and cannot bring its own. A handler of an
 * adapter that shares is built at once, another one when it is first asked; one whose parameters change is built anew before the old one goes. Thread-safe.
 */
final class Known implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Known.class);

  private final Adapters adapters;
  private final ConcurrentMap<String, Handler> used = new ConcurrentHashMap<>();
  private volatile Map<String, Accepted.Handler> specs = Map.of();
  private boolean closed;

  Known(Adapters adapters) {
    this.adapters = adapters;
  }

  /** The configuration has changed. */
  void rules(RuleSet rules) {
    Map<String, Accepted.Handler> present = new HashMap<>();
    rules.policies().values().forEach(policy -> policy.handlers().forEach(each -> {
      Accepted.Handler spec = Acceptor.handler(each);
      present.put(spec.name(), spec);
    }));
    synchronized (this) {
      specs = Map.copyOf(present);
      for (String name : List.copyOf(used.keySet())) {
        Accepted.Handler spec = present.get(name);
        Handler handler = used.get(name);
        if (handler == null || (spec != null && handler.isOf(spec))) {
          continue;
        }
        if (spec == null) {
          used.remove(name);
        } else {
          used.put(name, acquire(spec));
        }
        adapters.release(handler);
      }
      // What counts is taken over before an older generation of this module lets go of it.
      present.values().stream().filter(each -> adapters.shares(each.adapter())).forEach(each -> used.computeIfAbsent(each.name(), name -> acquire(each)));
    }
  }

  private Handler acquire(Accepted.Handler spec) {
    List<Finding> refusals = new ArrayList<>();
    Handler handler = adapters.acquire(spec, refusals);
    handler.serve();
    refusals.forEach(each -> LOG.warn("{}", each));
    return handler;
  }

  /** The handler of a name; null when there is none. */
  @Nullable Handler find(String name) {
    Handler handler = used.get(name);
    return handler == null ? begin(name) : handler;
  }

  private synchronized @Nullable Handler begin(String name) {
    Accepted.Handler spec = specs.get(name);
    return spec == null || closed ? null : used.computeIfAbsent(name, each -> acquire(spec));
  }

  @Override
  public synchronized void close() {
    closed = true;
    Iterator<Handler> all = used.values().iterator();
    while (all.hasNext()) {
      adapters.release(all.next());
      all.remove();
    }
  }
}
