package dev.tenon.adapter.stdio;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where lines go. Used by one thread at a time. */
interface Sink extends AutoCloseable {
  /** Writes lines, each with its end, through to the system. */
  void write(String lines) throws IOException;

  @Override
  void close() throws IOException;

  /** For parameters that are only tried out. */
  record Nowhere() implements Sink {
    @Override
    public void write(String lines) {}

    @Override
    public void close() {}
  }

  /** A stream of the process. */
  record Standard(PrintStream stream) implements Sink {
    @Override
    public void write(String lines) throws IOException {
      stream.print(lines);
      stream.flush();
      if (stream.checkError()) {
        throw new IOException("the stream takes nothing more");
      }
    }

    @Override
    public void close() {}
  }

  /** A file, opened when the first line comes; one that is full is put aside with the time in its name. */
  final class File implements Sink {
    private static final DateTimeFormatter STAMP =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private final Path path;
    private final Rotation rotation;
    private @Nullable OutputStream open;
    private long size;

    File(Path path, Rotation rotation) {
      this.path = path;
      this.rotation = rotation;
    }

    @Override
    public synchronized void write(String lines) throws IOException {
      byte[] octets = lines.getBytes(StandardCharsets.UTF_8);
      if (open != null && size + octets.length > rotation.octets()) {
        rotate();
      }
      OutputStream out = open == null ? open() : open;
      out.write(octets);
      out.flush();
      size += octets.length;
    }

    private OutputStream open() throws IOException {
      if (path.getParent() != null) {
        Files.createDirectories(path.getParent());
      }
      OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
      size = Files.size(path);
      open = out;
      return out;
    }

    private void rotate() throws IOException {
      close();
      String name = String.valueOf(path.getFileName());
      int dot = name.lastIndexOf('.');
      String begin = dot < 0 ? name : name.substring(0, dot);
      String end = dot < 0 ? "" : name.substring(dot);
      Instant now = Instant.now();
      Path aside = path.resolveSibling(begin + "-" + STAMP.format(now) + end);
      for (int i = 1; Files.exists(aside); i++) {
        aside = path.resolveSibling(begin + "-" + STAMP.format(now) + "." + i + end);
      }
      Files.move(path, aside);
      prune(begin + "-", end, now);
    }

    private void prune(String begin, String end, Instant now) throws IOException {
      List<Path> aside = new ArrayList<>();
      try (Stream<Path> all = Files.list(path.toAbsolutePath().getParent())) {
        all.filter(each -> {
              String name = String.valueOf(each.getFileName());
              return name.matches("\\Q" + begin + "\\E[0-9T.-]{23,40}\\Q" + end + "\\E");
            })
            .forEach(aside::add);
      }
      aside.sort(Comparator.comparing(String::valueOf).reversed());
      for (int i = 0; i < aside.size(); i++) {
        Instant written = Files.getLastModifiedTime(aside.get(i)).toInstant();
        if (i >= rotation.files() || written.isBefore(now.minus(Duration.ofDays(rotation.days())))) {
          Files.deleteIfExists(aside.get(i));
        }
      }
    }

    @Override
    public synchronized void close() throws IOException {
      if (open != null) {
        open.close();
        open = null;
      }
    }
  }
}
