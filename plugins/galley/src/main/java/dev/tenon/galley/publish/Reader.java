package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.Decoder;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.decode.Outcome;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.galley.validate.Validators;
import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.TextParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text to objects: parse, decode, and ask those who give a kind its meaning. */
final class Reader {
  /** The namespace of objects in files that name none. */
  static final String DEFAULT_NAMESPACE = "default";

  private final TextParser parser;
  private final Validators validators;

  Reader(TextParser parser, Validators validators) {
    this.parser = parser;
    this.validators = validators;
  }

  /** What becomes of each document; a text that is no YAML is one bad document. */
  List<Outcome> read(String origin, String text, String namespace) {
    try {
      return Decoder.decode(parser.parse(origin, text), namespace, parser).stream().map(this::validate).toList();
    } catch (BadConfig e) {
      return List.of(new Outcome.Bad(Optional.empty(), e.findings()));
    }
  }

  FileView view(SourceFile file) {
    if (!file.content().problems().isEmpty()) {
      return new FileView(file, Map.of(), Set.of(), true, file.content().problems());
    }
    Map<ObjectKey, Decoded> goods = new LinkedHashMap<>();
    Set<ObjectKey> bad = new HashSet<>();
    List<Finding> findings = new ArrayList<>();
    boolean opaque = false;
    for (Outcome outcome : read(file.origin(), file.content().text(), DEFAULT_NAMESPACE)) {
      switch (outcome) {
        case Outcome.Good good -> {
          Decoded decoded = good.decoded();
          if (goods.putIfAbsent(decoded.key(), decoded) != null) {
            findings.add(twice(decoded));
          } else {
            findings.addAll(decoded.findings());
          }
        }
        case Outcome.Bad each -> {
          each.key().ifPresent(bad::add);
          opaque |= each.key().isEmpty();
          findings.addAll(each.findings());
        }
      }
    }
    return new FileView(file, goods, bad, opaque, findings);
  }

  static Finding twice(Decoded decoded) {
    return new Finding(
        Finding.Severity.ERROR, "TEN0102", decoded.object().at(), "", decoded.key() + " is given twice; remove one");
  }

  private Outcome validate(Outcome outcome) {
    if (!(outcome instanceof Outcome.Good good)) {
      return outcome;
    }
    Decoded decoded = good.decoded();
    List<Finding> news = validators.of(decoded).stream().distinct().filter(each -> !decoded.findings().contains(each)).toList();
    if (news.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR)) {
      return new Outcome.Bad(Optional.of(decoded.key()), decoded.with(news).findings());
    }
    return new Outcome.Good(decoded.with(news));
  }
}
