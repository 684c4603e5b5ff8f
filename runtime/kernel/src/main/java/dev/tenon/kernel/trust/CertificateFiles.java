package dev.tenon.kernel.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that lie in folders and files, read again when those change. A change counts once two
 * looks in a row saw the same, so that a file is not read half-written. What is gone is no longer
 * trusted; what cannot be read for another reason says so in the log and is not trusted either.
 *
 * <p>Files are PEM and end in {@code .pem}, {@code .crt}, {@code .cer} or {@code .crl}: certificates and
 * lists of revoked ones, at most 1 MB each and 1,000 in all.
 */
final class CertificateFiles {
  private static final Logger log = LoggerFactory.getLogger(CertificateFiles.class);
  private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*-----END \\1-----");
  private static final int MOST_FILES = 1_000;
  private static final int LARGEST = 1 << 20;

  /** A file at one moment. */
  private record Print(long size, FileTime written, @Nullable Object key) {}

  private final List<Path> places;
  private Map<Path, Print> read = Map.of();
  private Map<Path, Print> seen = Map.of();
  private volatile Certificates present;

  /**
   * Reads them for the first time.
   *
   * @param places folders and files
   * @throws IOException when one is not there or holds something else
   */
  CertificateFiles(List<Path> places) throws IOException {
    this.places = List.copyOf(places);
    for (Path place : places) {
      if (!Files.isReadable(place)) {
        throw new NoSuchFileException(place.toString(), null, "there is no such folder or file, or it may not be read");
      }
    }
    read = prints();
    seen = read;
    List<String> troubles = new ArrayList<>();
    present = parse(read.keySet(), troubles);
    if (!troubles.isEmpty()) {
      throw new IOException(troubles.getFirst());
    }
  }

  Certificates present() {
    return present;
  }

  /** Looks once more; says whether other certificates count from now on. */
  boolean refresh() {
    Map<Path, Print> now;
    try {
      now = prints();
    } catch (IOException e) {
      log.debug("the trust store cannot be listed now", e);
      now = Map.of();
    }
    boolean settled = now.equals(seen) && !now.equals(read);
    seen = now;
    if (!settled) {
      return false;
    }
    read = now;
    List<String> troubles = new ArrayList<>();
    Certificates next = parse(now.keySet(), troubles);
    troubles.forEach(each -> log.error("{}; nobody is trusted because of it", each));
    boolean other = !next.equals(present);
    present = next;
    return other;
  }

  private Map<Path, Print> prints() throws IOException {
    Map<Path, Print> prints = new TreeMap<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "[!.]*.{pem,crt,cer,crl}")) {
          for (Path file : files) {
            print(file, prints);
          }
        }
      } else if (Files.exists(place)) {
        print(place, prints);
      }
    }
    return prints;
  }

  private static void print(Path file, Map<Path, Print> prints) throws IOException {
    if (prints.size() == MOST_FILES) {
      throw new IOException("the trust store holds more than " + MOST_FILES + " files");
    }
    try {
      if (Files.isRegularFile(file)) {
        prints.put(file, new Print(Files.size(file), Files.getLastModifiedTime(file), Files.getAttribute(file, "unix:ino")));
      }
    } catch (NoSuchFileException e) {
      log.debug("{} went away while the trust store was listed", file);
    }
  }

  private static Certificates parse(Iterable<Path> files, List<String> troubles) {
    List<X509Certificate> certificates = new ArrayList<>();
    List<X509CRL> lists = new ArrayList<>();
    for (Path file : files) {
      try {
        parse(file, certificates, lists);
      } catch (IOException | CertificateException | CRLException e) {
        troubles.add(file + " cannot be used in the trust store: " + e.getMessage());
      }
    }
    return Certificates.of(certificates, lists);
  }

  private static void parse(Path file, List<X509Certificate> certificates, List<X509CRL> lists)
      throws IOException, CertificateException, CRLException {
    if (Files.size(file) > LARGEST) {
      throw new IOException("it is larger than " + LARGEST + " bytes");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    List<X509Certificate> own = new ArrayList<>();
    List<X509CRL> ownLists = new ArrayList<>();
    while (blocks.find()) {
      ByteArrayInputStream block = new ByteArrayInputStream(blocks.group().getBytes(StandardCharsets.ISO_8859_1));
      switch (blocks.group(1)) {
        case "CERTIFICATE" -> own.add((X509Certificate) factory.generateCertificate(block));
        case "X509 CRL" -> ownLists.add((X509CRL) factory.generateCRL(block));
        default -> throw new IOException("it holds a " + blocks.group(1) + "; only certificates and lists of revoked ones belong there");
      }
    }
    if (own.isEmpty() && ownLists.isEmpty()) {
      throw new IOException("it holds no PEM block \"CERTIFICATE\" or \"X509 CRL\"");
    }
    certificates.addAll(own);
    lists.addAll(ownLists);
  }
}
