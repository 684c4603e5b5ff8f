package dev.tenon.proxy.compile;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * When and how often a request is tried again.
 *
 * @param on what is tried again
 * @param statuses for {@link On#RETRIABLE_STATUS_CODES}
 * @param retries beyond the first attempt
 * @param perTry of one attempt; empty: only the route's
 * @param otherHosts whether endpoints already tried are avoided; {@code previous_hosts}
 * @param selections how often another endpoint is picked to avoid them
 */
public record RetrySpec(
    Set<On> on, Set<Integer> statuses, int retries, Optional<Duration> perTry, boolean otherHosts, int selections) {
  public RetrySpec {
    on = Set.copyOf(on);
    statuses = Set.copyOf(statuses);
  }

  /** The conditions of {@code retry_on} that HTTP/1.1 knows. */
  public enum On {
    FIVE_XX("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_4XX("retriable-4xx"),
    RETRIABLE_STATUS_CODES("retriable-status-codes");

    private final String wireName;

    On(String wireName) {
      this.wireName = wireName;
    }

    /** The name in {@code retry_on}. */
    public String wireName() {
      return wireName;
    }

    /** The condition of a name. */
    public static Optional<On> of(String wireName) {
      return Arrays.stream(values()).filter(on -> on.wireName.equals(wireName)).findFirst();
    }
  }
}
