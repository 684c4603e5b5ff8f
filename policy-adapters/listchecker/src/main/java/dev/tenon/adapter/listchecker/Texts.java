package dev.tenon.adapter.listchecker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Texts in any number, looked up in one step: their UTF-8 one after the other, and a table of hashes. An entry takes its length and
 * 16 octets on the average, at most 24; a look-up allocates nothing.
 */
final class Texts implements Listing {
  private final boolean caseless;
  private byte[] arena = new byte[1024];
  private int[] starts = new int[65];
  private int[] hashes = new int[64];
  /** One more than the number of the entry; 0 is free. Never more than half full. */
  private int[] slots = new int[128];
  private int count;

  private Texts(boolean caseless) {
    this.caseless = caseless;
  }

  static Texts of(Iterable<String> entries, boolean caseless) {
    Texts texts = new Texts(caseless);
    for (String entry : entries) {
      texts.add(caseless ? entry.toLowerCase(Locale.ROOT) : entry);
    }
    texts.arena = Arrays.copyOf(texts.arena, texts.starts[texts.count]);
    texts.starts = Arrays.copyOf(texts.starts, texts.count + 1);
    texts.hashes = Arrays.copyOf(texts.hashes, texts.count);
    return texts;
  }

  private void add(String entry) {
    int hash = hash(entry);
    if (find(entry, hash)) {
      return;
    }
    byte[] bytes = entry.getBytes(StandardCharsets.UTF_8);
    int start = starts[count];
    if (start + bytes.length > arena.length) {
      arena = Arrays.copyOf(arena, Math.max(start + bytes.length, grown(arena.length)));
    }
    if (count == hashes.length) {
      starts = Arrays.copyOf(starts, hashes.length * 2 + 1);
      hashes = Arrays.copyOf(hashes, hashes.length * 2);
      slots = rehashed(hashes, count, slots.length * 2);
    }
    System.arraycopy(bytes, 0, arena, start, bytes.length);
    hashes[count] = hash;
    starts[count + 1] = start + bytes.length;
    put(slots, hash, count);
    count++;
  }

  private static int grown(int length) {
    return (int) Math.min(Integer.MAX_VALUE - 8L, length * 2L);
  }

  private static int[] rehashed(int[] hashes, int count, int length) {
    int[] slots = new int[length];
    for (int i = 0; i < count; i++) {
      put(slots, hashes[i], i);
    }
    return slots;
  }

  private static void put(int[] slots, int hash, int entry) {
    int slot = hash & (slots.length - 1);
    while (slots[slot] != 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = entry + 1;
  }

  private static int hash(String text) {
    int hash = text.hashCode() * 0x9E3779B9;
    return hash ^ (hash >>> 16);
  }

  @Override
  public Found find(Object value) {
    String text = Listing.text(value);
    String sought = caseless ? text.toLowerCase(Locale.ROOT) : text;
    return Listing.of(find(sought, hash(sought)));
  }

  private boolean find(String sought, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int entry = slots[slot] - 1;
      if (hashes[entry] == hash && same(entry, sought)) {
        return true;
      }
    }
    return false;
  }

  private boolean same(int entry, String sought) {
    int start = starts[entry];
    int length = starts[entry + 1] - start;
    for (int i = 0; i < sought.length(); i++) {
      char c = sought.charAt(i);
      if (c >= 128) {
        return new String(arena, start, length, StandardCharsets.UTF_8).equals(sought);
      }
      if (i >= length || arena[start + i] != c) {
        return false;
      }
    }
    return length == sought.length();
  }

  @Override
  public int size() {
    return count;
  }

  /** What it takes. */
  long octets() {
    return arena.length + 4L * (starts.length + hashes.length + slots.length);
  }
}
