package dev.tenon.registry.consul.ask;

import com.ecwid.consul.UrlParameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an answer is wanted.
 *
 * @param datacenter whose; empty for the agent's own
 * @param stale whether any server may answer, not only the leader
 * @param index wait until there is something newer than this; 0 to be answered at once
 * @param longest for how long at most; Consul adds up to a sixteenth
 * @param recurse whether all keys are meant that begin with the one that is asked for
 */
public record Query(String datacenter, boolean stale, long index, Duration longest, boolean recurse) implements UrlParameters {
  /** Of one thing. */
  public Query(String datacenter, boolean stale, long index, Duration longest) {
    this(datacenter, stale, index, longest, false);
  }

  /** To be answered at once. */
  public static Query now(String datacenter, boolean stale) {
    return new Query(datacenter, stale, 0, Duration.ZERO);
  }

  @Override
  public List<String> toUrlParameters() {
    List<String> parameters = new ArrayList<>();
    if (!datacenter.isEmpty()) {
      parameters.add("dc=" + URLEncoder.encode(datacenter, StandardCharsets.UTF_8));
    }
    if (stale) {
      parameters.add("stale");
    }
    if (recurse) {
      parameters.add("recurse");
    }
    if (index > 0) {
      parameters.add("index=" + index);
      parameters.add("wait=" + longest.toMillis() + "ms");
    }
    return parameters;
  }
}
