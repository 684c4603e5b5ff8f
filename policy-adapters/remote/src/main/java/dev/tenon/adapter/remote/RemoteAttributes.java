package dev.tenon.adapter.remote;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import java.util.Set;

/**
 * Attributes of an adapter that is a process of its own. Attributes are made while a request is judged, on its event loop, where
 * nobody can be waited for: what is known of equal values is given at once, what is not is asked for, and given to the requests
 * that follow. Parameters as {@link Place} reads them.
 */
public final class RemoteAttributes implements AdapterFactory {
  @Override
  public String name() {
    return "remote-attributes";
  }

  @Override
  public Set<Template> templates() {
    return Set.of(Template.KUBERNETES);
  }

  @Override
  public boolean nonBlocking() {
    return true;
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    return new Knowing(Remote.begun(handler, Place.read(params)));
  }
}
