package dev.tenon.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "reviews-v1", "0", "x9"})
  void takesDnsLabels(String text) {
    assertThat(Names.isDnsLabel(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a_b", "ä", "a\n"})
  void refusesWhatIsNoDnsLabel(String text) {
    assertThat(Names.isDnsLabel(text)).isFalse();
  }

  @Test
  void boundsTheLengthOfNames() {
    assertThat(Names.isDnsLabel("a".repeat(63))).isTrue();
    assertThat(Names.isDnsLabel("a".repeat(64))).isFalse();
    assertThat(Names.isDnsSubdomain("a.".repeat(126) + "a")).isTrue();
    assertThat(Names.isDnsSubdomain("a.".repeat(127) + "a")).isFalse();
    assertThat(Names.isLabelValue("a".repeat(64))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "app.kubernetes.io/name", "A_b.c-D"})
  void takesLabelKeys(String text) {
    assertThat(Names.isLabelKey(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a/", "/a", "A.b/c", "a/b/c", "-a", "a "})
  void refusesWhatIsNoLabelKey(String text) {
    assertThat(Names.isLabelKey(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.255.0.9", "::1", "2001:db8::7", "::ffff:10.0.0.1"})
  void readsAddresses(String text) {
    assertThat(Names.ipAddress(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "127.1", "0x7f.0.0.1", "127.0.0.01", "127.0.0.256", "1.2.3.4.5", "fe80::1%lo", "::1::", "[::1]", "abc:"})
  void refusesWhatIsNoAddress(String text) {
    assertThat(Names.ipAddress(text)).isEmpty();
  }
}
