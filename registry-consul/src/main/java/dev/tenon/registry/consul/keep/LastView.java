package dev.tenon.registry.consul.keep;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.tenon.registry.consul.read.Instance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file with what Consul said last, so that a control plane that starts while Consul is away has
 * something to begin with. Losing it costs no more than that. Not thread-safe.
 */
public final class LastView {
  private static final Logger log = LoggerFactory.getLogger(LastView.class);
  private static final int FORM = 1;
  private static final long LARGEST = 256L << 20;

  private final Path file;
  private final String agent;
  private final Gson gson = new Gson();
  private IdentityHashMap<List<Instance>, byte[]> written = new IdentityHashMap<>();

  /**
   * What is in the file.
   *
   * @param form of this record
   * @param agent whose view it is
   * @param millis when it was written, since 1970
   * @param instances by data centre and service
   */
  public record View(int form, String agent, long millis, Map<String, Map<String, List<Instance>>> instances) {}

  /**
   * @param agent whose views are kept; another's is not taken for its own
   */
  public LastView(Path file, String agent) {
    this.file = file;
    this.agent = agent;
  }

  /**
   * Replaces the file; what was there stays when that fails. A service whose list of instances is the same object as in the last call is not
   * put into words again.
   *
   * @throws IOException when it cannot be written
   */
  public void write(Map<String, Map<String, List<Instance>>> instances) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    ByteBuffer bytes = ByteBuffer.wrap(text(instances));
    Files.deleteIfExists(part);
    Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A {@link View} as JSON. */
  private byte[] text(Map<String, Map<String, List<Instance>>> instances) {
    IdentityHashMap<List<Instance>, byte[]> now = new IdentityHashMap<>();
    ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 16);
    text.writeBytes(utf8("{\"form\":" + FORM + ",\"agent\":" + gson.toJson(agent) + ",\"millis\":" + System.currentTimeMillis() + ",\"instances\":{"));
    String between = "";
    for (Map.Entry<String, Map<String, List<Instance>>> datacenter : instances.entrySet()) {
      text.writeBytes(utf8(between + gson.toJson(datacenter.getKey()) + ":{"));
      between = "";
      for (Map.Entry<String, List<Instance>> service : datacenter.getValue().entrySet()) {
        byte[] before = written.get(service.getValue());
        byte[] own = before == null ? utf8(gson.toJson(service.getValue())) : before;
        now.put(service.getValue(), own);
        text.writeBytes(utf8(between + gson.toJson(service.getKey()) + ":"));
        text.writeBytes(own);
        between = ",";
      }
      text.write('}');
      between = ",";
    }
    text.writeBytes(utf8("}}"));
    written = now;
    return text.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What was written last; empty when there is nothing, or nothing that can be used. */
  public Optional<View> read() {
    try {
      if (Files.notExists(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > LARGEST) {
        throw new IOException("it is larger than " + (LARGEST >> 20) + " MiB");
      }
      View view = gson.fromJson(Files.readString(file), View.class);
      if (isWhole(view) && view.agent().equals(agent)) {
        return Optional.of(view);
      }
      log.warn("{} was written by another build or for another agent; it is not used", file);
    } catch (IOException | JsonParseException | NullPointerException e) {
      log.warn("what Consul said last cannot be read from {}: {}", file, e.toString());
    }
    return Optional.empty();
  }

  /** A file that was altered may lack anything. */
  private static boolean isWhole(@Nullable View view) {
    return view != null && view.form() == FORM && view.agent() != null && view.instances() != null
        && view.instances().values().stream().flatMap(each -> each.values().stream()).flatMap(List::stream)
            .allMatch(each -> each != null && each.definition() != null && each.checks() != null);
  }
}
