package dev.tenon.pilot.serve;

import java.time.Duration;

/**
 * What clients may ask of the server.
 *
 * @param streams open at one time; more are refused with RESOURCE_EXHAUSTED
 * @param names asked for on one stream, all types together
 * @param nameLength characters of one name
 * @param patience how long routes wait for their clusters to be taken in before they are sent all the same
 * @param farewell how long a proxy keeps the listeners of a workload that has left the mesh: until every caller has heard of it
 */
public record Limits(int streams, int names, int nameLength, Duration patience, Duration farewell) {
  /** Enough for some thousand proxies with some thousand services each. */
  public static final Limits DEFAULT = new Limits(10_000, 50_000, 1024, Duration.ofSeconds(2), Duration.ofSeconds(10));
}
