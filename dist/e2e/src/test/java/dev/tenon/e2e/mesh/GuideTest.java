package dev.tenon.e2e.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.e2e.mesh.Guide.Run;
import dev.tenon.e2e.mesh.Guide.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read out of a guide, and what counts as shown. */
class GuideTest {
  @TempDir private Path folder;

  private Guide guide(String text) throws IOException {
    return Guide.read(Files.writeString(folder.resolve("guide.md"), text.replace("~~~", "```")));
  }

  @Test
  void filesAndCommandsComeInTheirOrder() throws IOException {
    Guide guide = guide("""
        # Title
        ~~~yaml on=here file=a.yaml
        a: 1
        ~~~
        ~~~yaml
        just: shown
        ~~~
        ~~~sh on=there stays again
        run it
        ~~~
        ~~~text shows
        ready
        ~~~
        ~~~sh on=here gives=TOKEN
        make one
        ~~~
        ~~~sh elsewhere
        systemctl
        ~~~
        """);
    assertThat(guide.steps()).hasSize(3);
    assertThat(guide.steps().getFirst()).isEqualTo(new Written(2, "here", "a.yaml", "a: 1\n"));
    Run stays = (Run) guide.steps().get(1);
    assertThat(stays.command()).isEqualTo("run it");
    assertThat(stays.stays() && stays.again()).isTrue();
    assertThat(stays.shows()).containsExactly("ready");
    assertThat(((Run) guide.steps().get(2)).gives()).isEqualTo("TOKEN");
  }

  @Test
  void aCommandThatNobodyFollowsIsAnError() {
    assertThatThrownBy(() -> guide("text\n~~~sh\nrm -rf run\n~~~\n")).hasMessageContaining("guide.md:2: on which host");
  }

  @Test
  void whatIsShownHasToBeThereInOrder() throws IOException {
    Run run = (Run) guide("~~~sh on=x\nls\n~~~\n~~~text shows\nfirst … ms\nreviews  2…\n~~~\n").steps().getFirst();
    assertThat(run.isShownBy("noise\n  first   412 ms\nmore\nreviews 2 of 3\n")).isTrue();
    assertThat(run.isShownBy("reviews 2\nfirst 412 ms\n")).isFalse();
    assertThat(run.isShownBy("first 412 ms\nreviews 1\n")).isFalse();
    assertThat(run.isShownBy("first 412 ms\nthe reviews 2\n")).isFalse();
    assertThat(run.isShownBy("")).isFalse();
  }
}
