package dev.tenon.mixer.accept;

import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.policy.Template;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The adapters that are installed in this process at present. */
public interface Installed {
  /** The names of their factories. */
  Set<String> names();

  /** The templates that an adapter takes; empty when no adapter of that name is installed. */
  Optional<Set<Template>> templates(String adapter);

  /**
   * Tries parameters on an adapter.
   *
   * @param path of the parameters in their object
   * @return what it has to say of them; empty when no adapter of that name is installed
   */
  Optional<List<Finding>> tryOut(String adapter, Node.Mapping params, String path);
}
