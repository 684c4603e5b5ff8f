package dev.tenon.kernel.boot;

import dev.tenon.spi.config.BadConfig;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Node;
import dev.tenon.spi.config.Position;
import dev.tenon.spi.config.TextParser;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML 1.2 with the core schema, event by event; nothing is ever instantiated by name. Stateless,
 * so thread-safe. A text may be 4 MiB long and nested 64 deep.
 */
public final class YamlText implements TextParser {
  static final int MOST_CHARACTERS = 4 << 20;

  /** Needs nothing. */
  public YamlText() {}

  @Override
  public List<Node> parse(String origin, String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw bad(Position.of(origin), "is " + text.length() + " characters long; at most " + MOST_CHARACTERS
          + " are read; split it into several files");
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel(origin).setUseMarks(true).setCodePointLimit(MOST_CHARACTERS).build();
    List<Finding> findings = new ArrayList<>();
    List<Node> documents = new ArrayList<>();
    try {
      ParserImpl events = new ParserImpl(settings, new StreamReader(settings, text));
      while (events.hasNext()) {
        if (events.next().getEventId() == Event.ID.DocumentStart) {
          Node document = new YamlNodes(origin, events, findings).read();
          if (!(document instanceof Node.Null)) {
            documents.add(document);
          }
        }
      }
    } catch (MarkedYamlEngineException e) {
      findings.add(finding(at(origin, e), sentence(e)));
    } catch (ReaderException e) {
      findings.add(finding(at(origin, text, e.getPosition()),
          String.format("holds a character that YAML does not allow (U+%04X); remove it", e.getCodePoint())));
    } catch (YamlEngineException e) {
      findings.add(finding(Position.of(origin), "is no YAML: " + e.getMessage()));
    }
    if (!findings.isEmpty()) {
      throw new BadConfig(findings);
    }
    return List.copyOf(documents);
  }

  static Finding finding(Position at, String message) {
    return new Finding(Finding.Severity.ERROR, "TEN0010", at, "", message);
  }

  private static BadConfig bad(Position at, String message) {
    return new BadConfig(List.of(finding(at, message)));
  }

  private static Position at(String origin, MarkedYamlEngineException e) {
    return e.getProblemMark().or(e::getContextMark).map(mark -> at(origin, mark)).orElseGet(() -> Position.of(origin));
  }

  static Position at(String origin, Mark mark) {
    return new Position(origin, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Position at(String origin, String text, int codePoints) {
    int end = text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    int line = (int) text.substring(0, end).chars().filter(each -> each == '\n').count() + 1;
    return new Position(origin, line, end - text.lastIndexOf('\n', Math.max(0, end - 1)));
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "cannot be read" : e.getProblem().replaceAll("\\s+", " ").strip();
    String context = e.getContext() == null ? "" : " " + e.getContext().replaceAll("\\s+", " ").strip();
    return "is no YAML" + context + ": " + problem;
  }
}
