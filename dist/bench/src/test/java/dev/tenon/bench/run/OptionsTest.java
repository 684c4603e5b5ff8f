package dev.tenon.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void optionsAreRead() {
        Options options = Options.parse("http1", "--quick", "--report", "out.json", "--only", "envoy,haproxy");

        assertThat(options.quick()).isTrue();
        assertThat(options.report()).hasValue(Path.of("out.json"));
        assertThat(options.wants("only", "envoy")).isTrue();
        assertThat(options.wants("only", "tenon")).isFalse();
        assertThat(options.wants("sections", "rated")).isTrue();
        assertThat(options.number("rounds", 3)).isEqualTo(3);
    }

    @Test
    void wrongWordsAreNamed() {
        assertThatThrownBy(() -> Options.parse("http1", "--fast")).hasMessage("unknown option --fast");
        assertThatThrownBy(() -> Options.parse("http1", "--report")).hasMessage("--report needs a value");
        assertThatThrownBy(() -> Options.parse("http1", "--rounds", "many").number("rounds", 3))
                .hasMessage("--rounds must be a positive number, not many");
    }

    @Test
    void fullRunTakesNineRoundsAndMeasuresAContestantAgainstItself() {
        assertThat(Plan.of(Options.parse("http1")).rounds()).isEqualTo(9);
        assertThat(Plan.of(Options.parse("http1")).again()).isTrue();
        assertThat(Plan.of(Options.parse("http1", "--quick")).limit()).hasSeconds(52);
    }
}
