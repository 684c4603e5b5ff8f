package dev.tenon.proxy.upstream;

/** What one loop counted of one cluster; plain numbers, read on the loop. */
public final class Counters {
  public long connections;
  public long connectionsActive;
  public long connectFailures;
  public long connectionOverflow;
  public long pendingOverflow;
  public long requests;
  public long requestsActive;
  public long retries;
  public long timeouts;
  public long perTryTimeouts;
  public long noEndpoint;

  /** Endpoints chosen among all, the unhealthy too, since too few were healthy. */
  public long healthyPanic;

  /** Endpoints chosen by the standard policy, since the plug-in that should have was absent or failed. */
  public long balancerFallbacks;

  /** Answers by the first digit of their status; 0 is unused. */
  public final long[] byClass = new long[6];

  /** Counts an answer. */
  public void answered(int status) {
    int digit = status / 100;
    if (digit >= 1 && digit <= 5) {
      byClass[digit]++;
    }
  }
}
