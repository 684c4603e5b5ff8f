package dev.tenon.kernel.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  @TempDir Path folder;

  private Tokens open(Instant now) throws IOException {
    return Tokens.open(folder.resolve("tokens"), Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void aTokenIsTakenAlsoAfterARestartUntilItExpires() throws Exception {
    Tokens.Made made = open(NOW).create(Role.VIEWER, "dashboard", Duration.ofHours(1));
    assertThat(open(NOW.plusSeconds(3599)).check(made.secret())).contains(made.token());
    assertThat(open(NOW.plusSeconds(3600)).check(made.secret())).isEmpty();
    assertThat(open(NOW.plusSeconds(3600)).list()).isEmpty();
  }

  @Test
  void neitherAForgedNorARevokedNorAnyOtherTextIsTaken() throws Exception {
    Tokens tokens = open(NOW);
    Tokens.Made made = tokens.create(Role.OPERATOR, "", Duration.ofHours(1));
    String secret = made.secret();
    String last = secret.endsWith("0") ? "1" : "0";
    assertThat(tokens.check(secret.substring(0, secret.length() - 1) + last)).isEmpty();
    assertThat(tokens.check("")).isEmpty();
    assertThat(tokens.check("tenon_" + made.token().id() + "_")).isEmpty();
    assertThat(tokens.check(made.token().hash())).as("what the file holds opens nothing").isEmpty();
    assertThat(tokens.check("x".repeat(1_000_000))).isEmpty();
    tokens.revoke(made.token().id());
    assertThat(tokens.check(secret)).isEmpty();
    assertThat(open(NOW).check(secret)).isEmpty();
    assertThatThrownBy(() -> tokens.revoke("00000000")).hasMessageContaining("no token 00000000");
  }

  @Test
  void theSecretIsInNoFile() throws Exception {
    Tokens.Made made = open(NOW).create(Role.OPERATOR, "back\\slash", Duration.ofHours(1));
    assertThat(Files.readString(folder.resolve("tokens"))).doesNotContain(made.secret().substring(15));
    assertThat(open(NOW).list()).containsExactly(made.token());
  }

  @Test
  void badLifetimesAndLabelsAreRefused() throws Exception {
    Tokens tokens = open(NOW);
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "", Duration.ofSeconds(59))).hasMessageContaining("from a minute");
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "", Duration.ofDays(366))).hasMessageContaining("365 days");
    assertThatThrownBy(() -> tokens.create(Role.VIEWER, "two\nlines", Duration.ofDays(1))).hasMessageContaining("one line");
  }

  @Test
  void aDamagedFileLetsNobodyIn() throws Exception {
    Files.writeString(folder.resolve("tokens"), "abcd1234\tking\t\thash\t0\t99999999999999\n");
    assertThatThrownBy(() -> open(NOW)).isInstanceOf(IOException.class).hasMessageContaining("is damaged");
  }
}
