package dev.tenon.kernel.change;

import dev.tenon.kernel.load.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * A jar on its way into the drop folder, in a hidden folder of its own there, so that one rename brings it
 * to its place. Written by one thread at a time; closing it deletes what was not brought there.
 */
public final class Upload implements AutoCloseable {
  static final String HIDDEN = ".upload-";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,150}\\.jar");

  private final Path folder;
  private final Path file;
  private final OutputStream out;
  private final long size;
  private long written;

  private Upload(Path folder, Path file, OutputStream out, long size) {
    this.folder = folder;
    this.file = file;
    this.out = out;
    this.size = size;
  }

  /**
   * Begins one.
   *
   * @param size how much is to come, in bytes
   * @param most how much is taken at most
   * @throws Refused when its name or size cannot be used
   */
  static Upload begin(Path plugins, String name, long size, long most) throws IOException, Refused {
    if (!NAME.matcher(name).matches()) {
      throw new Refused("\"" + name + "\" cannot be a jar's name here: letters, digits, dots, dashes, plus and underline, then .jar");
    }
    if (size <= 0 || size > most) {
      throw new Refused(name + " has " + size + " bytes; a jar may have up to " + most);
    }
    if (!Files.isDirectory(plugins)) {
      throw new Refused("the drop folder " + plugins + " is gone; make it again");
    }
    Path folder = Files.createTempDirectory(plugins, HIDDEN);
    Path file = folder.resolve(name);
    try {
      return new Upload(folder, file, Files.newOutputStream(file), size);
    } catch (IOException e) {
      Files.delete(folder);
      throw e;
    }
  }

  /** One that is whole already: a copy of a file. */
  static Upload of(Path plugins, Path jar) throws IOException, Refused {
    Upload copy = begin(plugins, String.valueOf(jar.getFileName()), Files.size(jar), Long.MAX_VALUE);
    try {
      copy.written = Files.copy(jar, copy.out);
      return copy;
    } catch (IOException e) {
      copy.close();
      throw e;
    }
  }

  /**
   * The next piece.
   *
   * @throws Refused when there is more than was announced
   */
  public void write(byte[] piece) throws IOException, Refused {
    written += piece.length;
    if (written > size) {
      throw new Refused("more bytes came than the " + size + " that were announced");
    }
    out.write(piece);
  }

  /** Nothing more comes: what was written is on the disk when this returns. */
  Path complete() throws IOException, Refused {
    out.close();
    if (written != size) {
      throw new Refused("only " + written + " of " + size + " bytes came");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    out.close();
    delete(folder);
  }

  static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        Files.deleteIfExists(each);
      }
    }
    Files.deleteIfExists(folder);
  }
}
