package dev.tenon.registry.consul.ask;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Sends the ACL token as a header, never in the URL, which gets logged. Thread-safe. */
final class Token implements HttpRequestInterceptor {
  private static final int LONGEST = 4096;

  private final Optional<Path> file;
  private @Nullable FileTime written;
  private String value = "";

  Token(Optional<Path> file) {
    this.file = file;
  }

  @Override
  public void process(HttpRequest request, HttpContext context) throws HttpException, IOException {
    if (file.isPresent()) {
      request.setHeader("X-Consul-Token", present(file.get()));
    }
  }

  private synchronized String present(Path path) throws IOException {
    FileTime now = Files.getLastModifiedTime(path);
    if (!now.equals(written)) {
      if (Files.size(path) > LONGEST) {
        throw new Unanswered("the token file " + path + " is longer than " + LONGEST + " bytes; it should hold one token");
      }
      value = Files.readString(path).strip();
      written = now;
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new Unanswered("the token file " + path + " should hold one line of printable characters");
    }
    return value;
  }
}
