package dev.tenon.spi.policy;

import java.util.Map;

/**
 * An adapter that says more about a request than it says itself: what a factory builds that takes a
 * template of the variety {@link Template.Variety#ATTRIBUTE_GENERATOR}. It is asked on the event loop when
 * a rule first reads an attribute that its instance binds, so its factory is {@link
 * AdapterFactory#nonBlocking}; one that is not is refused. {@link Attributes#workload} knows the mesh.
 */
@FunctionalInterface
public interface AttributeGenerator extends Adapter {
  /** The template's outputs, of the classes that {@link Instance#values()} has; what is not known is left out. */
  Map<String, Object> generate(Instance instance);

  @Override
  default Verdict check(Instance instance) {
    throw new UnsupportedOperationException("generates attributes and judges nothing");
  }
}
