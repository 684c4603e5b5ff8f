package dev.tenon.galley.serve;

import dev.tenon.galley.publish.Edit;
import dev.tenon.galley.publish.Overview;
import dev.tenon.galley.source.Standing;
import dev.tenon.wire.admin.v1.Finding;
import dev.tenon.wire.admin.v1.Object;
import dev.tenon.wire.admin.v1.ObjectChange;
import dev.tenon.wire.admin.v1.ObjectKey;
import dev.tenon.wire.admin.v1.SourceStatus;
import java.util.Locale;

/** Our records as protobuf messages. */
final class Messages {
  private Messages() {}

  static ObjectKey key(dev.tenon.galley.decode.ObjectKey key) {
    return key(key, key.kind().apiVersions().getFirst());
  }

  private static ObjectKey key(dev.tenon.galley.decode.ObjectKey key, String apiVersion) {
    return ObjectKey.newBuilder()
        .setApiVersion(apiVersion)
        .setKind(key.kind().kindName())
        .setNamespace(key.namespace())
        .setName(key.name())
        .build();
  }

  static ObjectChange change(Edit.Change change) {
    return ObjectChange.newBuilder().setKey(key(change.key(), change.apiVersion())).setChange(change.what()).build();
  }

  static Object object(Overview.Present present) {
    return Object.newBuilder()
        .setKey(key(present.key(), present.apiVersion()))
        .setYaml(present.yaml())
        .setChangedMillis(present.changedMillis())
        .build();
  }

  static SourceStatus source(Standing standing, int objects) {
    return SourceStatus.newBuilder()
        .setName(standing.name())
        .setState(standing.state().name().toLowerCase(Locale.ROOT))
        .setSinceMillis(standing.since().toEpochMilli())
        .setObjects(objects)
        .setReason(standing.reason())
        .build();
  }

  static Finding finding(dev.tenon.spi.config.Finding finding) {
    return Finding.newBuilder()
        .setSeverity(finding.severity().name().toLowerCase(Locale.ROOT))
        .setCode(finding.code())
        .setOrigin(finding.at().origin())
        .setLine(finding.at().line())
        .setColumn(finding.at().column())
        .setField(finding.field())
        .setMessage(finding.message())
        .build();
  }
}
