package dev.tenon.citadel.attest;

import dev.tenon.citadel.keep.Card;
import dev.tenon.citadel.keep.PrivateFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hosts that joined: a file for each. Those that were asked for are kept in memory too, until their file is another: control planes may
 * share the folder.
 */
final class HostBook {
  /** How many hosts there may be, those included that left. */
  static final int MOST = 20_000;

  private final PrivateFolder folder;
  private final PrivateFolder lock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(Object mark, Host host) {}

  HostBook(PrivateFolder folder, PrivateFolder lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Does something alone with tokens and hosts. */
  <T> T alone(PrivateFolder.Work<T> work) throws IOException {
    return lock.alone(work);
  }

  /** As the disk has it. */
  Optional<Host> read(String namespace, String name) throws IOException {
    String key = namespace + "." + name;
    Optional<byte[]> content = folder.read(key);
    return content.isEmpty() ? Optional.empty() : Optional.of(Host.of(Card.of(content.get(), folder + "/" + key)));
  }

  /** As the disk has it, read only when its file is another than before; for what is asked often. */
  Optional<Host> find(String namespace, String name) throws IOException {
    String key = namespace + "." + name;
    Optional<Object> mark = folder.mark(key);
    Known before = known.get(key);
    if (before != null && mark.filter(before.mark()::equals).isPresent()) {
      return Optional.of(before.host());
    }
    // A file that is replaced between the two looks is looked at again the next time.
    Optional<Host> read = read(namespace, name);
    if (read.isPresent() && mark.isPresent()) {
      known.put(key, new Known(mark.get(), read.get()));
    } else {
      known.remove(key);
    }
    return read;
  }

  /** What changes whenever any host's file does. */
  Object mark() throws IOException {
    return folder.mark();
  }

  /** On the disk when this returns. */
  void write(Host host) throws IOException {
    folder.replace(host.key(), host.card().bytes());
  }

  /** All, by name. */
  List<Host> all() throws IOException {
    List<Host> all = new ArrayList<>();
    for (String key : folder.names()) {
      Optional<byte[]> content = folder.read(key);
      if (content.isPresent()) {
        all.add(Host.of(Card.of(content.get(), folder + "/" + key)));
      }
    }
    return all;
  }

  int size() throws IOException {
    return folder.names().size();
  }
}
