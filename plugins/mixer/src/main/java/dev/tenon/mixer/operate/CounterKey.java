package dev.tenon.mixer.operate;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A counter's key taken apart, as {@link dev.tenon.spi.policy.QuotaAdapter.Spending} says it is put together.
 *
 * @param instance its full name
 * @param dimensions texts by name; of a key that was too long, as far as it reaches
 */
record CounterKey(String instance, SequencedMap<String, String> dimensions) {
  static CounterKey of(String key) {
    SequencedMap<String, String> dimensions = new LinkedHashMap<>();
    int end = part(key, 0, " ");
    String instance = key.substring(0, end);
    while (end < key.length()) {
      int begin = end + 1;
      int equals = part(key, begin, "= ");
      end = part(key, equals, " ");
      dimensions.put(plain(key.substring(begin, equals)), equals < end ? plain(key.substring(equals + 1, end)) : "");
    }
    return new CounterKey(instance, dimensions);
  }

  /** Where one of some characters stands that has no backslash before it; the end when there is none. */
  private static int part(String key, int from, String ends) {
    for (int i = from; i < key.length(); i++) {
      if (key.charAt(i) == '\\') {
        i++;
      } else if (ends.indexOf(key.charAt(i)) >= 0) {
        return i;
      }
    }
    return key.length();
  }

  private static String plain(String escaped) {
    return escaped.replaceAll("\\\\(.)", "$1");
  }

}
