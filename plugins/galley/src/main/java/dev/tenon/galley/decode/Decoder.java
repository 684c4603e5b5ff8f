package dev.tenon.galley.decode;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Fields;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import dev.tenon.spi.rules.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads objects: the envelope that all kinds share, and by the kind's own decoder what it holds. A
 * field of Istio's is either carried out or refused with the reason; any other is unknown.
 *
 * <p>Pure and thread-safe. The only exception is {@link BadConfig}, kept inside {@link Outcome.Bad}.
 */
public final class Decoder {
  private Decoder() {}

  /**
   * What becomes of each document of a text. A {@code List} counts as the documents in it.
   *
   * @param documents as parsed
   * @param defaultNamespace of objects that name none
   * @param texts reads YAML within annotations
   */
  public static List<Outcome> decode(List<Node> documents, String defaultNamespace, TextParser texts) {
    List<Outcome> result = new ArrayList<>();
    for (Node document : documents) {
      if (isList(document) && document instanceof Node.Mapping list) {
        try {
          Fields fields = Fields.of(list);
          List<Node> items = fields.items("items");
          List.of("apiVersion", "kind", "metadata").forEach(fields::node);
          fields.finish();
          items.forEach(item -> result.add(one(item, defaultNamespace, texts)));
        } catch (BadConfig e) {
          result.add(new Outcome.Bad(Optional.empty(), e.findings()));
        }
      } else {
        result.add(one(document, defaultNamespace, texts));
      }
    }
    return result;
  }

  private static boolean isList(Node document) {
    return document instanceof Node.Mapping mapping
        && mapping.entries().get("kind") instanceof Node.Text kind
        && kind.value().equals("List");
  }

  private static Outcome one(Node document, String defaultNamespace, TextParser texts) {
    if (!(document instanceof Node.Mapping mapping)) {
      return bad(document.at(), "", "is no object; an object has apiVersion, kind, metadata and spec");
    }
    Fields fields = Fields.of(mapping);
    Optional<ObjectKey> key = Optional.empty();
    try {
      Kind kind = kind(fields);
      Envelope envelope = Envelope.read(fields, kind, defaultNamespace, texts);
      key = envelope.key();
      Fields spec = fields.mapping("spec").orElse(null);
      if (spec == null) {
        spec = Fields.of(Node.Mapping.empty(fields.at()), "spec");
      }
      Object rule = rule(kind, envelope, spec);
      spec.findings().stream().filter(each -> !fields.findings().contains(each)).forEach(fields::report);
      List<Finding> findings = fields.close().stream().distinct().toList();
      if (findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
        return new Outcome.Bad(key, findings);
      }
      return new Outcome.Good(new Decoded(key.orElseThrow(), envelope.object(specNode(mapping)), rule, findings));
    } catch (BadConfig e) {
      return new Outcome.Bad(key, e.findings());
    }
  }

  private static Node.Mapping specNode(Node.Mapping document) {
    return document.entries().get("spec") instanceof Node.Mapping spec
        ? spec
        : Node.Mapping.empty(document.at());
  }

  /** The kind; nothing else of an unknown one is looked at. */
  private static Kind kind(Fields fields) {
    String apiVersion = fields.text("apiVersion");
    String kindName = fields.text("kind");
    if (apiVersion.isEmpty() || kindName.isEmpty()) {
      throw new BadConfig(fields.findings().isEmpty() ? List.of(error(fields.at("kind"), "kind", "is empty")) : fields.findings());
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    Kind kind =
        Kind.of(group, kindName)
            .orElseThrow(
                () ->
                    new BadConfig(
                        List.of(
                            new Finding(
                                Finding.Severity.ERROR,
                                "TEN0005",
                                fields.at("kind"),
                                "kind",
                                ForeignKinds.refusal(shorten(apiVersion), shorten(kindName))))));
    if (!kind.apiVersions().contains(apiVersion)) {
      throw new BadConfig(
          List.of(
              error(
                  fields.at("apiVersion"),
                  "apiVersion",
                  "\"" + apiVersion + "\" is no version of " + kindName + "; known: " + String.join(", ", kind.apiVersions()))));
    }
    return kind;
  }

  private static Object rule(Kind kind, Envelope envelope, Fields spec) {
    Meta meta = envelope.meta();
    return switch (kind.meaning()) {
      case VIRTUAL_SERVICE -> VirtualServiceDecoder.decode(meta, spec);
      case DESTINATION_RULE -> DestinationRuleDecoder.decode(meta, spec, envelope.own().balancer());
      case GATEWAY -> GatewayDecoder.decode(meta, spec);
      case SERVICE_ENTRY -> ServiceEntryDecoder.decode(meta, spec);
      case WORKLOAD_ENTRY -> new dev.tenon.spi.rules.WorkloadEntry(meta, WorkloadEntryDecoder.decode(spec, true));
      case WORKLOAD_GROUP -> WorkloadGroupDecoder.decode(meta, spec);
      case HANDLER -> kind.isOld() ? PolicyDecoder.oldHandler(meta, kind, spec) : PolicyDecoder.handler(meta, spec);
      case INSTANCE -> kind.isOld() ? PolicyDecoder.oldInstance(meta, kind, spec) : PolicyDecoder.instance(meta, spec);
      case RULE -> PolicyDecoder.rule(meta, spec, envelope.own().failOpen());
      case ATTRIBUTE_MANIFEST -> ManifestDecoder.decode(meta, spec);
      case QUOTA_SPEC -> QuotaSpecDecoder.spec(meta, spec);
      case QUOTA_SPEC_BINDING -> QuotaSpecDecoder.binding(meta, spec);
      case RATE_LIMIT -> RateLimitDecoder.decode(meta, spec);
      case REQUEST_FILTER -> RequestFilterDecoder.decode(meta, spec);
      default -> throw new IllegalArgumentException("no decoder of " + kind);
    };
  }

  private static Outcome bad(Position at, String field, String message) {
    return new Outcome.Bad(Optional.empty(), List.of(error(at, field, message)));
  }

  private static Finding error(Position at, String field, String message) {
    return new Finding(Finding.Severity.ERROR, "TEN0002", at, field, message);
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /** What all kinds have. */
  private record Envelope(
      Kind kind,
      String apiVersion,
      String namespace,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      OwnAnnotations own,
      Position at) {
    /** What Kubernetes writes beside the name; of no meaning here. */
    private static final List<String> TOLERATED =
        List.of(
            "creationTimestamp", "uid", "generation", "resourceVersion", "managedFields", "selfLink",
            "ownerReferences", "finalizers", "deletionTimestamp", "deletionGracePeriodSeconds");

    static Envelope read(Fields fields, Kind kind, String defaultNamespace, TextParser texts) {
      fields.node("status");
      Fields metadata = fields.mapping("metadata").orElse(null);
      if (metadata == null) {
        if (!fields.has("metadata")) {
          fields.error("metadata", "is required; it holds the object's name");
        }
        return new Envelope(kind, fields.text("apiVersion", ""), "", "", Map.of(), Map.of(), OwnAnnotations.NONE, fields.at());
      }
      String name = metadata.text("name", "");
      String namespace = metadata.text("namespace", defaultNamespace);
      metadata.refuse("generateName", "an object is found by its name; give it one");
      checkNames(metadata, kind, name, namespace);
      TOLERATED.forEach(metadata::node);
      Map<String, String> labels = Values.labels(metadata, "labels");
      Optional<Fields> annotations = metadata.mapping("annotations");
      OwnAnnotations own = annotations.map(each -> OwnAnnotations.read(each, kind, texts)).orElse(OwnAnnotations.NONE);
      Map<String, String> values = new java.util.LinkedHashMap<>();
      annotations.ifPresent(each -> each.names().forEach(key -> values.put(key, each.text(key))));
      return new Envelope(
          kind, fields.text("apiVersion", ""), namespace, name, labels, values, own, fields.at());
    }

    private static void checkNames(Fields metadata, Kind kind, String name, String namespace) {
      boolean label = kind == Kind.GATEWAY || kind == Kind.WORKLOAD_GROUP;
      if (name.isEmpty()) {
        metadata.error("name", "is required");
      } else if (label ? !Names.isLabel(name) : !Names.isName(name)) {
        metadata.error(
            "name",
            "\"" + name + "\" is no name; it has at most " + (label ? "63 lower-case letters, digits and '-'" : "253 lower-case letters, digits, '-' and '.'")
                + ", and begins and ends with a letter or digit");
      }
      if (!Names.isLabel(namespace)) {
        metadata.error(
            "namespace",
            "\"" + namespace + "\" is no namespace; it has at most 63 lower-case letters, digits and '-', and begins and ends with a letter or digit");
      }
    }

    Meta meta() {
      return new Meta(namespace, name, at);
    }

    Optional<ObjectKey> key() {
      return Names.isLabel(namespace) && Names.isName(name)
          ? Optional.of(new ObjectKey(kind, namespace, name))
          : Optional.empty();
    }

    ConfigObject object(Node.Mapping spec) {
      return new ConfigObject(apiVersion, kind.kindName(), namespace, name, labels, annotations, spec, at);
    }
  }
}
