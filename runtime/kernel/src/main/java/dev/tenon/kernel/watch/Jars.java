package dev.tenon.kernel.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;

/** Looks at one jar file. */
final class Jars {
  private static final long MOST_BYTES = 256L << 20;

  private Jars() {}

  /** Empty when the file is a readable archive with entries, else why not. */
  static String problem(Path file) {
    try {
      long size = Files.size(file);
      if (size == 0) {
        return "the file is empty";
      }
      if (size > MOST_BYTES) {
        return "the file is larger than 256 MiB";
      }
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return zip.size() == 0 ? "the archive has no entries" : "";
      }
    } catch (IOException e) {
      return "not a jar, or cut off: " + e.getMessage();
    }
  }

  /** SHA-256 of the file. */
  static String digest(Path file) throws IOException {
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What changes when somebody writes the file: size, time, and which file it is. */
  static Object stamp(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return List.of(
        attributes.size(), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey()));
  }
}
