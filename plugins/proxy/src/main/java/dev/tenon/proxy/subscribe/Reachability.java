package dev.tenon.proxy.subscribe;

import java.time.Instant;

/**
 * How the subscription stands.
 *
 * @param connected whether there is a server at the other end of the present stream
 * @param since when that became so
 * @param streams how many streams were opened so far
 * @param problem why the last stream ended; empty while connected and before the first failure
 */
public record Reachability(boolean connected, Instant since, long streams, String problem) {}
