package dev.tenon.mixer.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.mixer.parse.BadExpression;
import dev.tenon.mixer.parse.Parser;
import dev.tenon.mixer.parse.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an author is told. */
class CheckerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "soruce.ip == ip(\"1.2.3.4\"); 1:1; unknown attribute soruce.ip; did you mean source.ip",
        "true && request.pth == \"/\"; 1:9; unknown attribute request.pth; did you mean request.path",
        "destination.service == \"x\"; 1:1; did you mean destination.service.uid or",
        "request.size == \"10s\"; 1:17; an operand of \"==\" should be INT64, not DURATION",
        "request.path; 1:1; gives STRING",
        "request.path.beginsWith(\"/\"); 1:14; unknown function beginsWith",
        "request.path.startWith(\"/\"); 1:14; did you mean startsWith?",
        "request.path[\"a\"] == \"b\"; 1:1; what stands before \"[\" should be STRING_MAP, not STRING",
        "size(); 1:1; size takes 1 argument, not 0",
        "match(request.path); 1:1; match takes 2 arguments, not 1",
        "a = 2; 1:3; compare with \"==\"",
        "connection.mtls || !connection.mtls; 1:20; write \"== false\"",
      })
  void whatIsWrongIsToldWithItsPlace(String expression, String place, String part) {
    assertThat(told(expression)).startsWith(place + ": ").contains(part);
  }

  private static String told(String expression) {
    try {
      Typed typed = Checker.check(Parser.parse(expression), StandardVocabulary.STANDARD).expression();
      return "1:1: gives " + typed.type();
    } catch (BadExpression e) {
      return Place.of(expression, e.offset()) + ": " + e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(request.path == \"/\") | true; thrown away",
        "request.headers[\"X-User\"] == \"a\"; Mixer found no \"X-User\"",
        "request.path.matches(\"^/a\"); the other way round",
        "response.code == 200; no check ever sees response.code",
        "request.id == \"x\"; no check ever sees request.id",
      })
  void whatTheAuthorCanHardlyHaveMeantIsDoubted(String expression, String doubt) throws BadExpression {
    assertThat(Checker.check(Parser.parse(expression), StandardVocabulary.STANDARD).doubts())
        .singleElement()
        .satisfies(each -> assertThat(each.message()).contains(doubt));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(request.headers[\"x-user\"] | \"\") == \"john\"",
        "(request.api_key | request.headers[\"x-api-key\"] | \"\") == \"key\"",
        "\"^/a\".matches(request.path)",
        "match(request.path, \"/a*\") && (source.labels[\"app\"] | \"\") != \"b\"",
      })
  void ordinaryExpressionsAreNotDoubted(String expression) throws BadExpression {
    assertThat(Checker.check(Parser.parse(expression), StandardVocabulary.STANDARD).doubts()).isEmpty();
  }

  @Test
  void swappedNeighboursAreOneEdit() {
    assertThat(Spelling.distance("soruce.ip", "source.ip")).isEqualTo(1);
    assertThat(Spelling.distance("", "abc")).isEqualTo(3);
    assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
  }
}
