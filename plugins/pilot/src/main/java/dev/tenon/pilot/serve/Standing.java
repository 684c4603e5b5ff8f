package dev.tenon.pilot.serve;

import dev.tenon.pilot.scope.Proxy;
import dev.tenon.pilot.translate.ResourceType;
import dev.tenon.pilot.translate.Snapshot;
import dev.tenon.wire.admin.v1.ProxyStatus;
import dev.tenon.wire.admin.v1.TypeStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client stands, for an operator. The version "sent" is the one that the client is being brought
 * to, be it under way still: so it differs from the acknowledged one as long as anything is due.
 */
final class Standing {
  private Standing() {}

  static ProxyStatus of(
      @Nullable Proxy proxy,
      boolean connected,
      long sinceMillis,
      Map<ResourceType, Watch> watches,
      @Nullable Snapshot snapshot) {
    ProxyStatus.Builder status =
        ProxyStatus.newBuilder().setConnected(connected).setConnectedSinceMillis(sinceMillis);
    if (proxy != null) {
      status
          .setNode(proxy.id())
          .setNamespace(proxy.namespace())
          .setAddress(proxy.address())
          .setUserAgent(proxy.userAgent());
    }
    if (snapshot != null) {
      status.addAllNotes(snapshot.notes());
    }
    watches.forEach((type, watch) -> status.addTypes(type(type, watch, snapshot)));
    return status.build();
  }

  private static TypeStatus type(ResourceType type, Watch watch, @Nullable Snapshot snapshot) {
    TypeStatus.Builder status =
        TypeStatus.newBuilder()
            .setType(type.name())
            .setVersionAcknowledged(watch.versionAcknowledged())
            .setRefusal(watch.refusal())
            .setSentMillis(watch.sentMillis())
            .setAcknowledgedMillis(watch.acknowledgedMillis());
    if (snapshot != null) {
      status.setVersionSent(Watch.version(watch.wanted(snapshot.of(type))));
    }
    return status.build();
  }
}
