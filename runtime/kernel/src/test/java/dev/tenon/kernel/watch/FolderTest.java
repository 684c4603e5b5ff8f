package dev.tenon.kernel.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
  @TempDir Path directory = Path.of(".");
  private final List<List<Dropped>> told = new CopyOnWriteArrayList<>();
  private Folder folder;

  @BeforeEach
  void watch() throws IOException {
    folder = new Folder(directory.resolve("plugins"), told::add);
    await().until(() -> told.equals(List.of(List.of())));
  }

  @AfterEach
  void close() {
    folder.close();
  }

  @Test
  void aJarMovedInIsReportedAndOneDeletedIsGone() throws IOException {
    Path staged = Files.write(directory.resolve("staged"), jar("a"));
    Path dropped = directory.resolve("plugins/a.jar");
    Files.move(staged, dropped, StandardCopyOption.ATOMIC_MOVE);
    await().until(() -> told.getLast().stream().map(Dropped::file).toList().equals(List.of(dropped)));
    assertThat(told.getLast().getFirst().problem()).isEmpty();

    Files.delete(dropped);
    await().until(() -> told.getLast().isEmpty());
  }

  @Test
  void aJarBeingCopiedIsNotReportedBeforeItIsWhole() throws IOException {
    byte[] whole = jar("slow");
    Path dropped = directory.resolve("plugins/slow.jar");
    try (OutputStream out = Files.newOutputStream(dropped)) {
      out.write(whole, 0, whole.length / 2);
      out.flush();
      out.write(whole, whole.length / 2, whole.length - whole.length / 2);
    }
    await().until(() -> !told.getLast().isEmpty());
    assertThat(told).allSatisfy(seen -> assertThat(seen).allSatisfy(jar -> assertThat(jar.problem()).isEmpty()));
  }

  @Test
  void aReplacedJarIsANewOneWithoutAGap() throws IOException {
    Path dropped = Files.write(directory.resolve("plugins/a.jar"), jar("first"));
    await().until(() -> told.getLast().size() == 1);
    String first = told.getLast().getFirst().digest();
    Files.write(dropped, jar("second"));
    await().until(() -> !told.getLast().getFirst().digest().equals(first));
    assertThat(told.stream().skip(1)).allSatisfy(seen -> assertThat(seen).hasSize(1));
  }

  @Test
  void whatIsNoJarIsReportedWithItsProblem() throws IOException {
    Files.writeString(directory.resolve("plugins/text.jar"), "hello");
    byte[] whole = jar("cut");
    Files.write(directory.resolve("plugins/cut.jar"), java.util.Arrays.copyOf(whole, whole.length - 30));
    Files.write(directory.resolve("plugins/empty.jar"), new byte[0]);
    await().until(() -> told.getLast().size() == 3);
    assertThat(told.getLast()).extracting(Dropped::problem).allMatch(problem -> !problem.isEmpty());
  }

  private static byte[] jar(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("content.txt"));
      zip.write(content.repeat(100).getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
