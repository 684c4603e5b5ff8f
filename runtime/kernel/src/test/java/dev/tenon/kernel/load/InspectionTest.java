package dev.tenon.kernel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each trick that a zip file can play, by its name. */
class InspectionTest {
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;

  @TempDir Path folder;

  /** Names and texts in turn. */
  private byte[] zip(String... entries) throws IOException {
    Path file = Files.createTempFile(folder, "made", ".zip");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      for (int at = 0; at < entries.length; at += 2) {
        out.putNextEntry(new ZipEntry(entries[at]));
        out.write(entries[at + 1].getBytes(StandardCharsets.UTF_8));
      }
    }
    return Files.readAllBytes(file);
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("sample.jar"), bytes);
    try {
      Inspection.inspect(file, folder);
      return "";
    } catch (Refused e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static int find(ByteBuffer zip, int mark, int which) {
    int seen = 0;
    for (int at = 0; at + 4 <= zip.limit(); at++) {
      if (zip.getInt(at) == mark && seen++ == which) {
        return at;
      }
    }
    throw new AssertionError("no such header");
  }

  /** A copy with something done to it. */
  private static byte[] changed(byte[] zip, Consumer<ByteBuffer> how) {
    byte[] copy = zip.clone();
    how.accept(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
    return copy;
  }

  /** Writes another name of the same length wherever the name stands. */
  private static byte[] renamed(byte[] zip, String from, String to) {
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void anOrdinaryJarIsInOrder() throws Exception {
    assertThat(refusal(zip("META-INF/", "", "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n", "a/A.class", "x".repeat(5_000)))).isEmpty();
  }

  @Test
  void anEntryMayNotLeaveItsFolder() throws Exception {
    for (String name : new String[] {"../x", "/abs", "a/../b", "a//b", "./a", "a\\b", "C:x", "a\0b", ".."}) {
      assertThat(refusal(zip(name, "text"))).as(name).contains("no name of a file inside a jar");
    }
  }

  @Test
  void anEntryMayNotBeThereTwice() throws Exception {
    assertThat(refusal(renamed(zip("a/A", "one", "a/B", "two"), "a/B", "a/A"))).contains("a/A twice");
    assertThat(refusal(zip("META-INF/MANIFEST.MF", "one", "meta-inf/manifest.mf", "two"))).contains("twice");
  }

  @Test
  void anEntryThatIsLargerThanItLooksIsABomb() throws Exception {
    assertThat(refusal(zip("zeros", "\0".repeat(3 << 20)))).contains("unpacks to far more than a jar should").contains("zeros");
    Path inner = Files.write(folder.resolve("inner.jar"), zip("zeros", "\0".repeat(3 << 20)));
    assertThat(refusal(with("lib/inner.jar", inner))).startsWith("holds lib/inner.jar, which unpacks to far more");
  }

  @Test
  void tooManyEntriesOrTooManyBytesInAllAreABombToo() throws Exception {
    String[] many = new String[2 * (Inspection.MOST_ENTRIES + 1)];
    for (int at = 0; at < many.length; at += 2) {
      many[at] = "entry" + at;
      many[at + 1] = "";
    }
    assertThat(refusal(zip(many))).contains("has more than " + Inspection.MOST_ENTRIES + " entries");
    byte[] large = changed(zip("a", "text", "b", "more"), zip -> {
      for (int each = 0; each < 2; each++) {
        int entry = find(zip, CENTRAL, each);
        zip.putInt(entry + 20, 5 << 20).putInt(entry + 24, 400 << 20);
      }
    });
    assertThat(refusal(large)).as("each is no bomb, both are").contains("unpacks to far more than a jar should: b has", "at most " + Inspection.MOST_BYTES + " in all");
  }

  @Test
  void aSizeThatIsNotTheTrueOneIsFoundOut() throws Exception {
    byte[] lying = changed(zip("zeros", "\0".repeat(200_000)), zip -> zip.putInt(find(zip, CENTRAL, 0) + 24, 100));
    assertThat(refusal(lying)).contains("damaged").contains("zeros");
  }

  private byte[] with(String name, Path content) throws IOException {
    Path file = Files.createTempFile(folder, "outer", ".zip");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry(name));
      Files.copy(content, out);
    }
    return Files.readAllBytes(file);
  }

  @Test
  void aBrokenLibraryInsideIsNamed() throws Exception {
    assertThat(refusal(zip("lib/x.jar", "this is text"))).startsWith("holds lib/x.jar, which is truncated or no jar at all");
  }

  @Test
  void encryptedAndUnusualEntriesAreRefused() throws Exception {
    byte[] plain = zip("a/A", "text");
    assertThat(refusal(changed(plain, zip -> zip.putShort(find(zip, CENTRAL, 0) + 8, (short) 0b1001)))).contains("encrypted");
    assertThat(refusal(changed(plain, zip -> zip.putShort(find(zip, CENTRAL, 0) + 10, (short) 12)))).contains("method 12");
  }

  @Test
  void theEntryAndTheDirectoryMustAgree() throws Exception {
    byte[] plain = zip("a/A", "text", "a/B", "more");
    assertThat(refusal(changed(plain, zip -> zip.put(find(zip, LOCAL, 1) + 30 + 2, (byte) 'C'))))
        .contains("says one thing of a/B").contains("another at the entry itself");
    assertThat(refusal(changed(plain, zip -> zip.putShort(find(zip, LOCAL, 0) + 8, (short) 0)))).contains("says one thing of a/A");
    assertThat(refusal(changed(plain, zip -> zip.putInt(find(zip, CENTRAL, 0) + 16, 7)))).contains("damaged").contains("a/A");
  }

  @Test
  void everyByteBelongsToOneEntry() throws Exception {
    byte[] plain = zip("a/A", "text", "a/B", "more");
    assertThat(refusal(changed(plain, zip -> zip.putInt(find(zip, CENTRAL, 1) + 42, 0)))).contains("or to two");
    assertThat(refusal(withoutFirst(plain))).contains("belong to no entry");
  }

  /** The directory forgets its first entry: a reader that begins at the front would still see it. */
  private static byte[] withoutFirst(byte[] zip) {
    ByteBuffer all = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int first = find(all, CENTRAL, 0);
    int second = find(all, CENTRAL, 1);
    byte[] shorter = new byte[zip.length - (second - first)];
    System.arraycopy(zip, 0, shorter, 0, first);
    System.arraycopy(zip, second, shorter, first, zip.length - second);
    int end = shorter.length - 22;
    return changed(shorter, bytes -> bytes.putShort(end + 8, (short) 1).putShort(end + 10, (short) 1).putInt(end + 12, end - first));
  }

  @Test
  void whatIsNoJarAtAllIsRefused() throws Exception {
    for (byte[] bytes : new byte[][] {{}, "hello".getBytes(StandardCharsets.US_ASCII), Arrays.copyOf(zip("a/A", "text"), 60)}) {
      assertThat(refusal(bytes)).contains("truncated or no jar at all");
    }
  }

  /** The whole way of a dropped jar, with some bytes changed: taken as it is or refused, never anything else. */
  @Test
  void changedBytesAreRefusedInOrderlyWords() throws Exception {
    byte[] inner = zip("x/X", "inner");
    Path library = Files.write(folder.resolve("library.jar"), inner);
    Path made = Files.createTempFile(folder, "plain", ".zip");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made))) {
      out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      out.write("Manifest-Version: 1.0\nTenon-Module: sample\n".getBytes(StandardCharsets.US_ASCII));
      out.putNextEntry(new ZipEntry("META-INF/services/dev.tenon.spi.policy.AdapterFactory"));
      out.write("sample.Factory\n".getBytes(StandardCharsets.US_ASCII));
      out.putNextEntry(new ZipEntry("lib/library.jar"));
      Files.copy(library, out);
    }
    byte[] good = Files.readAllBytes(made);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Store store = Store.in(folder.resolve("store"), Gate.OPEN);
    Path file = folder.resolve("mutated.jar");
    for (int round = 0; round < 1_000; round++) {
      byte[] bytes = random.nextInt(10) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, bytes);
      try {
        store.take(file, true, round);
      } catch (Refused e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (Exception e) {
        fail("round " + round + " of seed " + seed + " ended with " + e, e);
      }
    }
    try (Stream<Path> left = Files.list(folder.resolve("store"))) {
      assertThat(left.filter(each -> String.valueOf(each.getFileName()).startsWith("."))).as("nothing half-made is left").isEmpty();
    }
    Files.write(file, good);
    assertThatCode(() -> store.take(file, true, 0)).doesNotThrowAnyException();
  }
}
