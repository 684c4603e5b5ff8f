package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.config.Finding;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Looks at all objects together. Pure. */
public final class Analysis {
  private Analysis() {}

  /**
   * What is doubtful in a set of objects.
   *
   * @param objects one of each key
   * @param domain the mesh's, for example {@code cluster.local}
   * @param validators who else is asked about all of them
   * @return by the object that it is said of; without objects of which nothing is
   */
  public static Map<ObjectKey, List<Finding>> of(Collection<Decoded> objects, String domain, Validators validators) {
    World world = new World(objects, domain);
    GatewayFindings.add(world);
    DestinationFindings.add(world);
    HostFindings.add(world);
    RouteOrderFindings.add(world);
    PolicyFindings.add(world);
    QuotaFindings.add(world);
    validators.together(objects).forEach((key, said) -> said.forEach(each -> world.add(key, each)));
    return world.findings();
  }
}
