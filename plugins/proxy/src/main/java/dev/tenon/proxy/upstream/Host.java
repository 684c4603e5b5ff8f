package dev.tenon.proxy.upstream;

import dev.tenon.proxy.compile.EndpointSpec;

/** One endpoint as one loop sees it. Outlives changes of its cluster that leave its address alone. */
public final class Host {
  private final Pool pool;
  private final String text;
  private EndpointSpec spec;
  private int active;
  long turn;

  Host(EndpointSpec spec, Cluster cluster) {
    this.spec = spec;
    this.text = spec.address().getAddress().getHostAddress() + ":" + spec.address().getPort();
    this.pool = new Pool(this, cluster);
  }

  void adopt(EndpointSpec next) {
    spec = next;
  }

  /** {@code address:port}, for logs. */
  public String text() {
    return text;
  }

  public EndpointSpec spec() {
    return spec;
  }

  /** Requests under way on this loop. */
  public int active() {
    return active;
  }

  Pool pool() {
    return pool;
  }

  /** A request was given to it. */
  public void began() {
    active++;
  }

  /** A request to it is over. */
  public void ended() {
    active--;
  }
}
