package dev.tenon.agent.join;

import dev.tenon.spi.model.Condition;
import dev.tenon.spi.model.Health;
import dev.tenon.spi.workload.Entrant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A line whose other end is the test. */
final class ScriptedLine implements Line {
  final List<End> streams = new ArrayList<>();

  @Override
  public Stream open(Listener listener) {
    End end = new End(listener);
    streams.add(end);
    return end;
  }

  @Override
  public String where() {
    return "the test";
  }

  End last() {
    return streams.getLast();
  }

  /** What was said on one stream, and the listener to answer to. */
  static final class End implements Stream {
    final Listener listener;
    final List<String> said = new ArrayList<>();

    End(Listener listener) {
      this.listener = listener;
    }

    void grant(String id) {
      listener.granted(id, Duration.ofSeconds(9), Optional.empty());
    }

    void end(Kind kind) {
      listener.ended(new Outcome(kind, "says the test"));
    }

    @Override
    public void register(Entrant entrant, String leaseId, Duration timeToLive, Condition condition) {
      said.add("register " + entrant.workload().key() + " as '" + leaseId + "'" + (condition.health() == Health.HEALTHY ? "" : " " + condition.health()));
    }

    @Override
    public void beat() {
      said.add("beat");
    }

    @Override
    public void leave() {
      said.add("leave");
    }

    @Override
    public void tear() {
      said.add("tear");
    }
  }
}
