package dev.tenon.mixer.cel;

import com.google.common.collect.ImmutableList;
import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.tenon.mixer.check.Typed;
import dev.tenon.mixer.check.ValueType;
import dev.tenon.mixer.check.Vocabulary;
import dev.tenon.mixer.check.Vocabulary.Seen;
import dev.tenon.mixer.parse.BadExpression;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.stream.Collectors;

/**
 * CEL over one vocabulary. An expression is bounded in its length, its nesting, the size of its regular expressions (RE2) and in how many
 * steps its comprehensions take for a request. It reaches attributes and nothing else.
 */
final class Environment {
  /** Of a variable that tells whether an attribute is there; no expression can write such a name. */
  static final String PRESENCE = "@has:";

  private static final Pattern PLACE = Pattern.compile("^evaluation error at <input>:[0-9]+: ");
  private static final int LONGEST = 8192;
  private static final int DEEPEST = 64;
  private static final int MOST_STEPS = 1_000;
  private static final int LARGEST_PATTERN = 10_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(LONGEST)
          .maxParseRecursionDepth(DEEPEST)
          .comprehensionMaxIterations(MOST_STEPS)
          .maxRegexProgramSize(LARGEST_PATTERN)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  /** Making one takes milliseconds, and there is one for checks and one for reports. */
  private static final Map<Vocabulary, Environment> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

  private final CelCompiler compiler;
  private final CelRuntime runtime;
  private final Map<String, ValueType> types;

  @SuppressWarnings("Immutable") // the macro reads types, an unmodifiable map of values
  private Environment(Map<String, ValueType> types) {
    this.types = types;
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(
                CelStandardMacro.STANDARD_MACROS.stream().filter(each -> each != CelStandardMacro.HAS).collect(Collectors.toSet()))
            .addMacros(CelMacro.newGlobalMacro("has", 1, this::has));
    types.forEach(
        (name, type) -> {
          builder.addVar(name, type(type));
          builder.addVar(PRESENCE + name, SimpleType.BOOL);
        });
    this.compiler = builder.build();
    this.runtime = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
  }

  static Environment of(Vocabulary vocabulary) {
    return KNOWN.computeIfAbsent(
        vocabulary,
        each ->
            new Environment(
                each.all().entrySet().stream()
                    .filter(entry -> entry.getValue().seen() == Seen.CHECK)
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().type()))));
  }

  /** Names and addresses are text. */
  private static CelType type(ValueType type) {
    return switch (type) {
      case STRING, IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME -> SimpleType.STRING;
      case INT64 -> SimpleType.INT;
      case DOUBLE -> SimpleType.DOUBLE;
      case BOOL -> SimpleType.BOOL;
      case TIMESTAMP -> SimpleType.TIMESTAMP;
      case DURATION -> SimpleType.DURATION;
      case STRING_MAP -> MapType.create(SimpleType.STRING, SimpleType.STRING);
    };
  }

  /** {@code has(request.host)} of an attribute; of an entry, {@code has(request.headers.cookie)}, it is CEL's own. */
  private Optional<CelExpr> has(CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    Optional<String> name = name(arguments.getFirst()).filter(types::containsKey);
    return name.isPresent()
        ? Optional.of(factory.newIdentifier(PRESENCE + name.get()))
        : CelStandardMacro.HAS.getDefinition().getExpander().expandMacro(factory, target, arguments);
  }

  private static Optional<String> name(CelExpr expression) {
    return switch (expression.getKind()) {
      case IDENT -> Optional.of(expression.ident().name());
      case SELECT -> expression.select().testOnly()
          ? Optional.empty()
          : name(expression.select().operand()).map(each -> each + "." + expression.select().field());
      default -> Optional.empty();
    };
  }

  /**
   * Compiles what stands in a text from {@code begin} on.
   *
   * @throws BadExpression at the place of the first error
   */
  Typed compile(String text, int begin) throws BadExpression {
    CelValidationResult result = compiler.compile(text.substring(begin));
    CelAbstractSyntaxTree tree;
    try {
      tree = result.getAst();
    } catch (CelValidationException e) {
      List<CelIssue> errors = result.getErrors();
      if (errors.isEmpty()) {
        throw new BadExpression("CEL: " + oneLine(e), begin);
      }
      CelIssue first = errors.getFirst();
      throw new BadExpression("CEL: " + first.getMessage().replace(" (in container '')", "") + remedy(first), offset(text, begin, first));
    }
    ValueType type = type(tree.getResultType(), begin);
    try {
      return new Typed.Foreign(type, text, attributes(tree), new Program(runtime.createProgram(tree), types, type));
    } catch (CelEvaluationException e) {
      throw new BadExpression("CEL: " + oneLine(e), begin);
    }
  }

  private static String remedy(CelIssue issue) {
    return issue.getMessage().contains("undeclared reference")
        ? "; attributes are named as in Mixer's language, and of the answer only reports know something"
        : "";
  }

  private static ValueType type(CelType type, int begin) throws BadExpression {
    return switch (type.kind()) {
      case STRING -> ValueType.STRING;
      case INT -> ValueType.INT64;
      case DOUBLE -> ValueType.DOUBLE;
      case BOOL -> ValueType.BOOL;
      case TIMESTAMP -> ValueType.TIMESTAMP;
      case DURATION -> ValueType.DURATION;
      case MAP -> ValueType.STRING_MAP;
      default ->
          throw new BadExpression(
              "CEL: the expression gives " + type.name() + ", which no field takes; make it string, int, double, bool, timestamp, duration or a map", begin);
    };
  }

  private Set<String> attributes(CelAbstractSyntaxTree tree) {
    Set<String> names = new TreeSet<>();
    tree.getReferenceMap()
        .values()
        .forEach(
            each -> {
              String name = each.name().startsWith(PRESENCE) ? each.name().substring(PRESENCE.length()) : each.name();
              if (types.containsKey(name)) {
                names.add(name);
              }
            });
    return names;
  }

  /** Lines are counted from 1, columns from 0. */
  private static int offset(String text, int begin, CelIssue issue) {
    int line = Math.max(1, issue.getSourceLocation().getLine());
    int at = begin;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', at);
      if (end < 0) {
        break;
      }
      at = end + 1;
    }
    return Math.clamp(at + Math.max(0, issue.getSourceLocation().getColumn()), begin, text.length());
  }

  /** What went wrong, without the place, which is told apart. */
  static String oneLine(Exception e) {
    return PLACE.matcher(String.valueOf(e.getMessage()).lines().findFirst().orElse("")).replaceFirst("").strip();
  }
}
