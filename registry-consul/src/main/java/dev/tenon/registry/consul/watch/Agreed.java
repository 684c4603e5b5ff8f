package dev.tenon.registry.consul.watch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Which nodes' answers were what is known, by their digests: the same text again has nothing new and need not be read. What is known
 * changes after that only by a later word of Consul's. For one thread.
 */
final class Agreed {
  private final Map<String, String> digests = new HashMap<>();

  /** What stands for an answer. */
  static String digest(String body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether this is the answer that agreed last. */
  boolean with(String node, String digest) {
    return digest.equals(digests.get(node));
  }

  /** An answer was read. */
  void read(String node, String digest, boolean agrees) {
    if (agrees) {
      digests.put(node, digest);
    } else {
      digests.remove(node);
    }
  }

  /** Forgets nodes that are no more. */
  void keep(Collection<String> nodes) {
    digests.keySet().retainAll(nodes);
  }
}
