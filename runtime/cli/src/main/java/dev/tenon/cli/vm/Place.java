package dev.tenon.cli.vm;

import dev.tenon.cli.client.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which membership on this machine a command is about. */
final class Place {
  private static final Pattern SERVER = Pattern.compile("controlPlane: \"([^\"]+)\"");

  @Option(names = "--directory", paramLabel = "DIR", description = "Where the membership is kept, as 'tenon vm join' was told. Default: the same as there.")
  private @Nullable Path directory;

  HostFolder folder() {
    return new HostFolder((directory == null ? HostFolder.usual() : directory).toAbsolutePath().normalize());
  }

  /** The control plane that was joined. */
  static String server(HostFolder folder) {
    try {
      Matcher matcher = SERVER.matcher(Files.readString(folder.settings()));
      if (matcher.find()) {
        return matcher.group(1);
      }
    } catch (IOException e) {
      throw new Refused(folder.settings() + " cannot be read: " + e + "; 'tenon vm join' writes it");
    }
    throw new Refused(folder.settings() + " names no control plane; 'tenon vm join' writes it");
  }
}
