package dev.tenon.proxy.listen;

import dev.tenon.proxy.compile.ListenerSpec;
import dev.tenon.spi.ports.Acceptor;
import dev.tenon.spi.ports.BindFailure;
import dev.tenon.spi.ports.Listening;
import dev.tenon.spi.ports.Ports;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening addresses of the present table. Thread-safe. */
public final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private record Open(ListenerSpec spec, Listening listening) {}

  private final Ports ports;
  private final Function<String, Acceptor> acceptors;
  private final Map<String, Open> open = new HashMap<>();
  private Map<String, ListenerSpec> wanted = Map.of();
  private final Set<ListenerSpec.Direction> over = EnumSet.noneOf(ListenerSpec.Direction.class);
  private boolean closed;

  /**
   * No listeners yet.
   *
   * @param acceptors who takes the connections of a listener, by its name
   */
  public Listeners(Ports ports, Function<String, Acceptor> acceptors) {
    this.ports = ports;
    this.acceptors = acceptors;
  }

  /**
   * Opens what is new and closes what is gone. A listener whose address stays is left alone: its
   * connections look at the table for each request.
   *
   * @return what could not be opened; {@link #again} tries once more
   */
  public synchronized List<BindFailure> adopt(Map<String, ListenerSpec> specs) {
    if (closed) {
      return List.of();
    }
    wanted = specs;
    for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
      Open old = each.next();
      ListenerSpec now = specs.get(old.spec().name());
      if (now == null || !now.address().equals(old.spec().address())) {
        old.listening().close();
        each.remove();
      }
    }
    List<BindFailure> failures = new ArrayList<>();
    for (ListenerSpec spec : specs.values()) {
      if (!open.containsKey(spec.name()) && !over.contains(spec.direction())) {
        try {
          Listening listening = ports.listen(spec.address(), acceptors.apply(spec.name()));
          open.put(spec.name(), new Open(spec, listening));
          LOG.info("listener {} is open on {}", spec.name(), listening.address());
        } catch (BindFailure e) {
          failures.add(e);
        }
      }
    }
    return failures;
  }

  /** Tries to open what could not be opened. */
  public synchronized List<BindFailure> again() {
    return open.size() == wanted.size() ? List.of() : adopt(wanted);
  }

  /** Gives those of one direction back, and opens none of it any more. */
  public synchronized void close(ListenerSpec.Direction direction) {
    over.add(direction);
    for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
      Open one = each.next();
      if (one.spec().direction() == direction) {
        one.listening().close();
        each.remove();
      }
    }
  }

  /** Gives all back. */
  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(each -> each.listening().close());
    open.clear();
  }
}
