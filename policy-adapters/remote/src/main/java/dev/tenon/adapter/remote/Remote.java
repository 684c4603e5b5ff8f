package dev.tenon.adapter.remote;

import dev.tenon.spi.config.Fields;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.AdapterFactory;
import dev.tenon.spi.policy.Template;
import dev.tenon.spi.policy.Template.Variety;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks an adapter that is a process of its own, in whatever language, over {@code dev.tenon.adapter.v1.PolicyAdapter}: checks,
 * quotas and reports. Parameters as {@link Place} reads them. What makes attributes is {@link RemoteAttributes}.
 */
public final class Remote implements AdapterFactory {
  @Override
  public String name() {
    return "remote";
  }

  @Override
  public Set<Template> templates() {
    return Arrays.stream(Template.values())
        .filter(each -> each.variety() != Variety.ATTRIBUTE_GENERATOR)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Adapter build(Fields params) {
    return build("", params);
  }

  @Override
  public Adapter build(String handler, Fields params) {
    return new Asking(begun(handler, Place.read(params)));
  }

  /** A session; one of a handler that is only tried out calls nobody. */
  static Session begun(String handler, Place place) {
    Session session = new Session(handler, place);
    if (!handler.isEmpty()) {
      session.begin();
    }
    return session;
  }
}
