package dev.tenon.proxy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions are bounded before they are built. */
class PatternsTest {
  @ParameterizedTest
  @ValueSource(strings = {
    "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",
    "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$",
    "/api/v[0-9]+/(users|teams)/[^/]{1,64}(/.*)?",
    "[]{}()]+x{,5}\\{1000\\}",
    "a{1000}"
  })
  void usualExpressionsAreSmall(String regex) {
    assertThat(Patterns.size(regex)).isLessThan(Patterns.LARGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"((a{100}){100}){100}", "(a{1000}){1000}", "(?:(?:x|y){500}z){500}", "(([ab]{99}){99}){99}"})
  void countsThatMultiplyAreSeen(String regex) {
    assertThat(Patterns.size(regex)).isGreaterThan(Patterns.LARGEST);
  }

  @ParameterizedTest
  @CsvSource({"abc,3", "a{5},6", "(ab){3},12"})
  void sizesAreUpperBounds(String regex, long size) {
    assertThat(Patterns.size(regex)).isGreaterThanOrEqualTo(size - 1).isLessThan(2 * size + 2);
  }
}
