package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Problem;

/**
 * Why a request is answered by the proxy itself though somebody should have answered it. Says whose
 * fault it is, so that a caller knows whether to try again, and which of Envoy's flags goes to the log.
 * Statuses and bodies are Envoy's.
 */
public sealed interface Failure {
  /** Who has to do something about it. */
  enum Side {
    CALLER,
    CONFIGURATION,
    UPSTREAM
  }

  int status();

  /** A line for the caller; may be empty. */
  String body();

  /** Of {@link Flags}. */
  int flags();

  Side side();

  /** The message cannot be read; nothing after it on its connection can either. */
  record Malformed(Problem problem) implements Failure {
    @Override
    public int status() {
      return problem.status() == 502 ? 400 : problem.status();
    }

    @Override
    public String body() {
      return problem.text();
    }

    @Override
    public int flags() {
      return Flags.DOWNSTREAM_PROTOCOL_ERROR;
    }

    @Override
    public Side side() {
      return Side.CALLER;
    }
  }

  /** The path cannot be made normal. */
  record BadPath() implements Failure {
    @Override
    public int status() {
      return 400;
    }

    @Override
    public String body() {
      return "the path is malformed";
    }

    @Override
    public int flags() {
      return Flags.DOWNSTREAM_PROTOCOL_ERROR;
    }

    @Override
    public Side side() {
      return Side.CALLER;
    }
  }

  /** The head or the body did not come in time. */
  record TooSlow(boolean head) implements Failure {
    @Override
    public int status() {
      return 408;
    }

    @Override
    public String body() {
      return head ? "request timeout" : "stream timeout";
    }

    @Override
    public int flags() {
      return head ? Flags.DOWNSTREAM_PROTOCOL_ERROR : Flags.STREAM_IDLE_TIMEOUT;
    }

    @Override
    public Side side() {
      return Side.CALLER;
    }
  }

  /** Nothing is configured for such a request. */
  record NoRoute() implements Failure {
    @Override
    public int status() {
      return 404;
    }

    @Override
    public String body() {
      return "";
    }

    @Override
    public int flags() {
      return Flags.NO_ROUTE;
    }

    @Override
    public Side side() {
      return Side.CONFIGURATION;
    }
  }

  /** The route leads to a cluster that is not there. */
  record NoCluster(String cluster) implements Failure {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public String body() {
      return "";
    }

    @Override
    public int flags() {
      return Flags.NO_CLUSTER;
    }

    @Override
    public Side side() {
      return Side.CONFIGURATION;
    }
  }

  /** The cluster has no endpoint that may be called. */
  record NoEndpoint() implements Failure {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public String body() {
      return "no healthy upstream";
    }

    @Override
    public int flags() {
      return Flags.NO_HEALTHY_UPSTREAM;
    }

    @Override
    public Side side() {
      return Side.UPSTREAM;
    }
  }

  /**
   * The endpoint could not be reached, or left before its answer.
   *
   * @param reason in Envoy's words
   * @param detail of the system; may be empty
   */
  record Upstream(int status, int flags, String reason, String detail) implements Failure {
    @Override
    public String body() {
      return "upstream connect error or disconnect/reset before headers. reset reason: "
          + reason
          + (detail.isEmpty() ? "" : ", transport failure reason: delayed connect error: " + detail);
    }

    @Override
    public Side side() {
      return Side.UPSTREAM;
    }
  }

  /** The answer did not come in time. */
  record TimedOut() implements Failure {
    @Override
    public int status() {
      return 504;
    }

    @Override
    public String body() {
      return "upstream request timeout";
    }

    @Override
    public int flags() {
      return Flags.UPSTREAM_TIMEOUT;
    }

    @Override
    public Side side() {
      return Side.UPSTREAM;
    }
  }

  /** Trouble made on purpose. */
  record Injected(int status) implements Failure {
    @Override
    public String body() {
      return "fault filter abort";
    }

    @Override
    public int flags() {
      return Flags.FAULT_INJECTED;
    }

    @Override
    public Side side() {
      return Side.CONFIGURATION;
    }
  }

  /** Policy says no. */
  record Denied(int status, String body) implements Failure {
    @Override
    public int flags() {
      return Flags.UNAUTHORIZED;
    }

    @Override
    public Side side() {
      return Side.CALLER;
    }
  }

  /**
   * A plug-in that ought to look at the request cannot be asked.
   *
   * @param filter the object that places it
   */
  record NoFilter(String filter) implements Failure {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public String body() {
      return "the request filter " + filter + " cannot be asked";
    }

    @Override
    public int flags() {
      return Flags.UNAUTHORIZED;
    }

    @Override
    public Side side() {
      return Side.CONFIGURATION;
    }
  }

  /** Policy that ought to judge is not there yet. */
  record NoPolicy(String namespace) implements Failure {
    @Override
    public int status() {
      return 503;
    }

    @Override
    public String body() {
      return "the policy of namespace " + namespace + " is not known yet";
    }

    @Override
    public int flags() {
      return Flags.UNAUTHORIZED;
    }

    @Override
    public Side side() {
      return Side.CONFIGURATION;
    }
  }
}
