package dev.tenon.kernel.boot;

import static dev.tenon.kernel.boot.Ground.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleHistoryRequest;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ModuleMetricsRequest;
import dev.tenon.wire.admin.v1.PlanModulesRequest;
import dev.tenon.wire.admin.v1.PlannedStep;
import dev.tenon.wire.admin.v1.RemoveModuleRequest;
import dev.tenon.wire.admin.v1.RollbackModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks of a running process on its machine. */
class AdministrationTest {
  @TempDir Path folder;
  @SuppressWarnings("NullAway.Init") // made before each test
  private Ground ground;

  @SuppressWarnings("NullAway.Init") // made before each test
  private Operator operator;

  @BeforeEach
  void prepare() throws Exception {
    ground = new Ground(folder);
    operator = new Operator(ground);
  }

  @AfterEach
  void close() {
    operator.close();
    ground.close();
  }

  private ModuleAdminGrpc.ModuleAdminBlockingStub ask() {
    return ModuleAdminGrpc.newBlockingStub(operator.local());
  }

  private ChangeModuleResponse install(Path jar) {
    return Operator.send(operator.local(), jar, jar.getFileName().toString(), false);
  }

  private ChangeModuleResponse swap(Path jar) {
    return Operator.send(operator.local(), jar, jar.getFileName().toString(), true);
  }

  private List<String> dropFolder() throws Exception {
    try (Stream<Path> files = Files.list(ground.plugins)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private Path made(String file, String version, String tag) throws Exception {
    return ground.tagged("tag", version, tag).write(folder.resolve(file));
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
    assertThatThrownBy(call).hasMessageContainingAll("FAILED_PRECONDITION").satisfies(failure -> assertThat(failure.getMessage()).contains(words));
  }

  @Test
  void aModuleIsInstalledUpgradedSwappedBackRolledBackAndRemoved() throws Exception {
    ground.start();
    Path one = made("tag-1.jar", "1.0.0", "one");
    Path two = made("tag-2.jar", "2.0.0", "two");
    assertThat(install(one).getText()).startsWith("tag 1.0.0-").endsWith("is active");
    assertThat(ground.tags()).containsExactly("one");
    assertThat(install(two).getBuild()).startsWith("2.0.0-");
    assertThat(ground.tags()).containsExactly("two");
    assertThat(dropFolder()).containsExactly("tag-1.jar", "tag-2.jar");
    refused(() -> install(made("tag-1.5.jar", "1.5.0", "between")), "would not be used", "2.0.0", "swap");
    assertThat(swap(one).getText()).endsWith("is active");
    assertThat(ground.tags()).containsExactly("one");
    assertThat(dropFolder()).as("what it replaced is gone, so that it is so after a restart too").containsExactly("tag-1.jar");
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getBuild()).startsWith("2.0.0-");
    assertThat(ground.tags()).containsExactly("two");
    assertThat(dropFolder()).containsExactly("tag-2.jar");
    assertThat(ask().remove(RemoveModuleRequest.newBuilder().setModule("tag").build()).getText()).isEqualTo("tag is removed");
    assertThat(ground.tags()).isEmpty();
    assertThat(dropFolder()).isEmpty();
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getBuild()).as("what was removed is kept").startsWith("2.0.0-");
  }

  @Test
  void aProcessThatHasNotLookedAtItsModulesYetIsNotReady() throws Exception {
    ground.tagged("tag", "1.0.0", "shipped").write(ground.home.resolve("modules/tag.jar"));
    Path slow = ground.home.resolve("modules/slow.jar");
    assertThat(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor()).isZero();
    CompletableFuture<Void> started = CompletableFuture.runAsync(() -> {
      try {
        ground.start("modules=[tag]");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    try {
      assertThat(ask().withWaitForReady().list(ListModulesRequest.getDefaultInstance()).getReady()).isFalse();
      assertThat(started).as("it waits for the pipe").isNotDone();
    } finally {
      Files.newOutputStream(slow).close();
    }
    started.get(60, TimeUnit.SECONDS);
    eventually(() -> assertThat(ask().list(ListModulesRequest.getDefaultInstance()).getReady()).isTrue());
  }

  @Test
  void aSwapThatFailsLeavesTheDropFolderAsItWas() throws Exception {
    ground.start();
    install(made("tag.jar", "1.0.0", "good"));
    byte[] before = Files.readAllBytes(ground.plugins.resolve("tag.jar"));
    Path broken = ground.tagged("tag", "2.0.0", "bad", "if (true) throw new IllegalStateException(\"no luck\");").write(folder.resolve("new/tag.jar"));
    refused(() -> swap(broken), "does not run", "no luck");
    refused(() -> install(broken), "no luck");
    assertThat(ground.tags()).containsExactly("good");
    assertThat(dropFolder()).containsExactly("tag.jar");
    assertThat(Files.readAllBytes(ground.plugins.resolve("tag.jar"))).isEqualTo(before);
    eventually(() -> assertThat(ground.kernel().modules().status()).as("nothing is left of it").hasSize(1));
  }

  @Test
  void whatTheProfileNeedsIsReplacedAndRolledBackButNotRemoved() throws Exception {
    ground.tagged("tag", "1.0.0", "shipped").write(ground.home.resolve("modules/tag.jar"));
    ground.start("modules=[tag]");
    eventually(() -> assertThat(ground.tags()).containsExactly("shipped"));
    refused(() -> ask().remove(RemoveModuleRequest.newBuilder().setModule("tag").build()), "the profile needs tag");
    swap(made("tag-0.9.jar", "0.9.0", "patched"));
    assertThat(ground.tags()).containsExactly("patched");
    assertThat(ask().rollback(RollbackModuleRequest.newBuilder().setModule("tag").build()).getText()).contains("of the distribution is active");
    assertThat(ground.tags()).containsExactly("shipped");
    assertThat(dropFolder()).isEmpty();
    Files.createFile(ground.plugins.resolve("tag.disabled"));
    eventually(() -> assertThat(ground.events("tag")).contains("kept"));
    assertThat(ground.tags()).containsExactly("shipped");
  }

  @Test
  void aPlugInOfTheDistributionIsDisabledByAFileAndComesBackWithoutIt() throws Exception {
    ground.adapter().write(ground.home.resolve("modules/guard-1.0.jar"));
    ground.start();
    eventually(() -> assertThat(active()).containsExactly("guard"));
    ask().remove(RemoveModuleRequest.newBuilder().setModule("guard").build());
    assertThat(active()).isEmpty();
    assertThat(dropFolder()).containsExactly("guard.disabled");
    refused(() -> ask().remove(RemoveModuleRequest.newBuilder().setModule("guard").build()), "there is no module guard");
    Files.delete(ground.plugins.resolve("guard.disabled"));
    eventually(() -> assertThat(active()).containsExactly("guard"));
  }

  private List<String> active() {
    return ask().list(ListModulesRequest.getDefaultInstance()).getModulesList().stream()
        .filter(each -> each.getState().equals("active")).map(ModuleInfo::getName).toList();
  }

  @Test
  void historyIsToldInTheOrderOfALifeAndOutlivesTheProcess() throws Exception {
    ground.start();
    install(made("tag-1.jar", "1.0.0", "one"));
    install(made("tag-2.jar", "2.0.0", "two"));
    eventually(() -> assertThat(ground.events("tag").subList(7, ground.events("tag").size()))
        .containsSubsequence("planned", "loaded", "verified", "started", "ready", "switched", "drained", "closed", "unloaded"));
    ShowModuleResponse shown = ask().show(ShowModuleRequest.newBuilder().setModule("tag").build());
    assertThat(shown.getKeptList()).extracting(each -> each.getBuild().replaceAll("-.*", "")).containsExactly("2.0.0", "1.0.0");
    assertThat(shown.getKept(0).getRuns()).isTrue();
    assertThat(ask().metrics(ModuleMetricsRequest.getDefaultInstance()).getText())
        .contains("tenon_module_events_total{module=\"tag\",event=\"switched\"} 2\n", "tenon_module_generations{module=\"tag\",state=\"active\"} 1\n");
    ground.close();
    ground.start();
    eventually(() -> assertThat(ground.tags()).containsExactly("two"));
    List<ModuleEvent> remembered = ask().history(ModuleHistoryRequest.newBuilder().setModule("tag").build()).getEventsList();
    assertThat(remembered).extracting(ModuleEvent::getEvent).contains("asked", "drained").filteredOn("switched"::equals).hasSize(3);
    assertThat(ask().history(ModuleHistoryRequest.newBuilder().setMost(2).build()).getEventsCount()).isEqualTo(2);
  }

  @Test
  void aPlanSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
    ground.start();
    install(made("tag-1.jar", "1.0.0", "one"));
    assertThat(ask().plan(PlanModulesRequest.getDefaultInstance()).getStepsList()).isEmpty();
    assertThat(ask().plan(PlanModulesRequest.newBuilder().setInstead(true).build()).getStepsList()).extracting(PlannedStep::getAction).containsExactly("remove");
    assertThat(ground.tags()).containsExactly("one");
  }

  @Test
  void badUploadsAreRefusedAndLeaveNothing() throws Exception {
    ground.start("kernel.admin.largestJar=100000");
    Path jar = made("tag.jar", "1.0.0", "one");
    refused(() -> Operator.send(operator.local(), jar, "../tag.jar", false), "cannot be a jar's name");
    refused(() -> Operator.send(operator.local(), jar, ".tag.jar", false), "cannot be a jar's name");
    Path large = Files.write(folder.resolve("large.jar"), new byte[100_001]);
    refused(() -> install(large), "100001 bytes", "up to 100000");
    Path text = Files.writeString(folder.resolve("text.jar"), "this is no jar");
    refused(() -> install(text), "no jar at all");
    refused(() -> swap(jar), "nothing called tag runs");
    install(jar);
    refused(() -> Operator.send(operator.local(), ground.tagged("other", "1.0.0", "x").write(folder.resolve("other.jar")), "tag.jar", false), "holds tag");
    assertThat(dropFolder()).containsExactly("tag.jar");
  }
}
