package dev.tenon.proxy.compile;

import java.util.Optional;

/**
 * A cluster before its endpoints are put in.
 *
 * @param spec with its own endpoints if it is static, else with none
 * @param assignment the load assignment that holds its endpoints, asked for by EDS; empty when it is static
 */
public record ClusterDraft(ClusterSpec spec, Optional<String> assignment) {}
