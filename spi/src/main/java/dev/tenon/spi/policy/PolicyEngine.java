package dev.tenon.spi.policy;

import dev.tenon.spi.rules.PolicyRules;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Compiles policy and gives verdicts. Implemented by mixer, called by the proxy. Thread-safe. */
public interface PolicyEngine {
  /**
   * Compiles the policy of one configuration namespace. Adapters come and go after that; the compiled
   * policy follows by itself, and while a handler's adapter is absent each rule's choice of open or
   * closed decides.
   *
   * @throws dev.tenon.spi.config.BadConfig when an expression does not compile or an adapter that is
   *     present refuses its parameters; whatever was compiled before goes on serving
   */
  Policy compile(PolicyRules rules);

  /** Compiled policy. Closing frees its handlers once no check is under way. */
  interface Policy extends AutoCloseable {
    /**
     * Judges one request. Calls no adapter when no rule matches.
     *
     * @param request read during the call
     * @param later told the verdict, on any thread, exactly once, when null is returned
     * @return the verdict, or null when it comes later
     */
    @org.jspecify.annotations.Nullable Outcome check(Attributes request, Later later);

    /**
     * Adds what attribute-producing adapters say of a request. Call it on the policy of each namespace, in
     * order, each with what the one before returned; the last result is what all of them judge by and are
     * told of. Nothing is asked before somebody reads what it would say.
     */
    default Attributes generate(Attributes request) {
      return request;
    }

    /**
     * What {@link #check} would say and why. May wait for adapters that block; takes nothing of any quota.
     *
     * @throws UnsupportedOperationException by an engine that does not explain
     */
    default Explanation explain(Attributes request) {
      throw new UnsupportedOperationException("this engine does not explain its verdicts");
    }

    /** The attributes that are read of a request that is over; empty when nobody wants to be told of it. */
    default Set<String> reported() {
      return Set.of();
    }

    /**
     * Takes a request that is over, for those who are to be told of it. Never waits: what is more than can
     * be worked off is dropped and counted.
     *
     * @param finished a snapshot, with at least the {@link #reported} attributes as far as there are any
     */
    default void report(Attributes finished) {}

    /**
     * Begins to follow a connection of TCP that nobody reads requests from. Nothing is asked before {@link Connection#open}.
     *
     * @param connection what is known of it when its first byte has come, with {@code context.protocol} {@code tcp}, after {@link
     *     #generate}; read during this call and {@code open}
     * @throws UnsupportedOperationException by an engine that knows requests alone
     */
    default Connection connection(Attributes connection) {
      throw new UnsupportedOperationException("this engine follows no connections");
    }

    /**
     * Takes note of a request that this policy denied, for operators who ask about it later. Keeps the id, the moment, and from the
     * outcome who denied and with which code; nothing that came with the request.
     *
     * @param id of the request, as logs have it
     */
    default void denied(String id, Outcome outcome) {}

    /** Frees its handlers, after what was reported has been told, for which it waits a second at most. */
    @Override
    void close();
  }

  /**
   * A connection of TCP as policy follows it: judged once, told of when it opens, while it goes on and when it is over. Called by whoever
   * carries the connection, one call at a time. Close it before its policy.
   */
  interface Connection {
    /**
     * Judges it, before anything is sent on, and tells that it is open if it may be. Checks are asked; of quotas nothing is taken, since
     * they count requests. Call it once.
     *
     * @param later told the verdict, on any thread, exactly once, when null is returned
     * @return the verdict, or null when it comes later. A connection that is denied is closed: nobody reads the message
     */
    @org.jspecify.annotations.Nullable Outcome open(Later later);

    /** Tells that it goes on, if it was let in; every ten seconds is usual. Never waits. */
    void goesOn(Moved moved);

    /** Tells that it is over, whether it was let in or denied; what comes after that is not told. Never waits. */
    void closed(Moved moved);
  }

  /**
   * What a connection has carried since it began.
   *
   * @param received octets from the caller
   * @param sent octets to the caller
   * @param age since it began
   */
  record Moved(long received, long sent, Duration age) {
    /** Nothing yet. */
    public static final Moved NOTHING = new Moved(0, 0, Duration.ZERO);
  }

  /** Takes a verdict that could not be given at once. */
  @FunctionalInterface
  interface Later {
    void decided(Outcome outcome);
  }

  /**
   * A verdict and where it came from.
   *
   * @param verdict what all rules together say; the message of a denial is one line, and a caller reads
   *     {@code CODE:handler:message}
   * @param rule {@code name.namespace} of the rule that denied; empty when allowed
   * @param handler {@code name.namespace} of the handler that denied; empty when allowed
   * @param request changes of the request before it goes on; none when denied
   * @param response changes of whatever is answered: how a limit stands, and of what is allowed what rules
   *     say. They are for the answer of every layer that comes after policy
   */
  record Outcome(
      Verdict verdict, String rule, String handler, List<HeaderEdit> request, List<HeaderEdit> response) {
    public Outcome {
      request = List.copyOf(request);
      response = List.copyOf(response);
    }

    /** An outcome that changes no heads. */
    public Outcome(Verdict verdict, String rule, String handler) {
      this(verdict, rule, handler, List.of(), List.of());
    }

    /** No rule objects. */
    public static final Outcome ALLOWED = new Outcome(Verdict.ALLOW, "", "");
  }
}
