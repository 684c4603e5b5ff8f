package dev.tenon.galley.validate;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.spi.config.ConfigObject;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Validator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The modules that give kinds their meaning. Guests: whatever one does, the rest goes on. */
public record Validators(List<Validator> all) {
  /** Nobody. */
  public static final Validators NONE = new Validators(List.of());

  public Validators {
    all = List.copyOf(all);
  }

  /** What they say of one object. */
  public List<Finding> of(Decoded decoded) {
    List<Finding> findings = new ArrayList<>();
    for (Validator validator : all) {
      try {
        if (knows(validator, decoded)) {
          findings.addAll(said(validator, decoded));
        }
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        findings.add(failure(validator, decoded, e));
      }
    }
    return findings;
  }

  private static List<Finding> said(Validator validator, Decoded decoded) {
    return decoded.shown().stream().flatMap(each -> validator.validate(each).stream()).map(each -> placed(each, decoded)).toList();
  }

  private static Finding placed(Finding finding, Decoded decoded) {
    return new Finding(finding.severity(), finding.code(), finding.at(), decoded.path(finding.field()), finding.message());
  }

  /** What they say of objects beside each other, by the object that it is said of. */
  Map<ObjectKey, List<Finding>> together(Collection<Decoded> objects) {
    Map<ObjectKey, List<Finding>> findings = new HashMap<>();
    IdentityHashMap<ConfigObject, Decoded> shown = new IdentityHashMap<>();
    List<ConfigObject> written = new ArrayList<>();
    for (Decoded each : objects) {
      for (ConfigObject object : each.shown()) {
        shown.put(object, each);
        written.add(object);
      }
    }
    for (Validator validator : all) {
      try {
        validator
            .validateTogether(written)
            .forEach(
                (object, said) ->
                    Optional.ofNullable(shown.get(object))
                        .ifPresent(of -> add(findings, of.key(), said.stream().map(each -> placed(each, of)).toList())));
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        objects.stream()
            .filter(each -> knows(validator, each))
            .forEach(each -> add(findings, each.key(), List.of(failure(validator, each, e))));
      }
    }
    return findings;
  }

  private static boolean knows(Validator validator, Decoded decoded) {
    return validator.kinds().contains(decoded.key().kind().judgedAs().qualified());
  }

  private static void add(Map<ObjectKey, List<Finding>> findings, ObjectKey key, List<Finding> said) {
    findings.computeIfAbsent(key, each -> new ArrayList<>()).addAll(said);
  }

  private static Finding failure(Validator validator, Decoded decoded, Throwable failure) {
    return new Finding(
        Finding.Severity.ERROR,
        "TEN0104",
        decoded.object().at(),
        "",
        "could not be checked by " + validator.getClass().getName() + ": " + failure);
  }
}
