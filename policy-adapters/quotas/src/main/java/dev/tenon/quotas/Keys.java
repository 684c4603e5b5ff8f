package dev.tenon.quotas;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that things are counted under: the instance, then its dimensions in the order of their names,
 * {@code requests.instance.default port=80 user=john}. Different dimensions never have one name.
 */
public final class Keys {
  /** In characters; the end of what is longer is replaced by a hash of all of it. */
  public static final int LONGEST = 256;

  private static final int HASH = 32;

  private Keys() {}

  static String of(String instance, Map<?, ?> dimensions, String without) {
    if (dimensions.isEmpty()) {
      return bounded(instance);
    }
    StringBuilder key = new StringBuilder(64).append(instance);
    if (dimensions.size() == 1) {
      Map.Entry<?, ?> only = dimensions.entrySet().iterator().next();
      add(key, String.valueOf(only.getKey()), only.getValue(), without);
    } else {
      Object[] names = dimensions.keySet().toArray();
      Arrays.sort(names);
      for (Object name : names) {
        add(key, String.valueOf(name), dimensions.get(name), without);
      }
    }
    return bounded(key.toString());
  }

  private static void add(StringBuilder key, String name, @Nullable Object value, String without) {
    if (!name.equals(without)) {
      key.append(' ');
      escape(key, name);
      key.append('=');
      escape(key, text(value));
    }
  }

  private static void escape(StringBuilder key, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '=' || c == '\\') {
        key.append('\\');
      }
      key.append(c);
    }
  }

  /** A dimension's value as overrides compare it. */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      case InetAddress address -> address.getHostAddress();
      default -> value.toString();
    };
  }

  private static String bounded(String key) {
    if (key.length() <= LONGEST) {
      return key;
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return key.substring(0, LONGEST - HASH - 1) + "#" + HexFormat.of().formatHex(hash, 0, HASH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
