package dev.tenon.kernel.serve;

import dev.tenon.kernel.change.Changes;
import dev.tenon.kernel.keep.Build;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.plan.Facts;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Signed;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.swap.Status;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.JarFacts;
import dev.tenon.wire.admin.v1.KeptBuild;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.PlannedStep;
import java.nio.file.Path;

/** The kernel's records as messages, and back. */
final class Answers {
  private Answers() {}

  static ModuleInfo.Builder of(Status status) {
    return ModuleInfo.newBuilder()
        .setName(status.module())
        .setVersion(status.version())
        .setBuild(status.build())
        .setState(status.state())
        .setGeneration(status.generation())
        .setFile(status.file())
        .setSinceMillis(status.sinceMillis())
        .setReason(status.reason())
        .setSigner(status.signer())
        .setRequests(status.usage().requests())
        .setCpuShare(status.usage().cpuShare())
        .setAllocatedBytes(status.usage().allocatedLately())
        .setErrors(status.usage().errors())
        .setTimeouts(status.usage().timeouts());
  }

  static ModuleEvent of(Journal.Event event) {
    return ModuleEvent.newBuilder()
        .setAtMillis(event.atMillis())
        .setModule(event.module())
        .setBuild(event.build())
        .setEvent(event.event())
        .setDetail(event.detail())
        .build();
  }

  static KeptBuild of(Build build, boolean runs) {
    return KeptBuild.newBuilder()
        .setBuild(build.build())
        .setFile(build.file())
        .setGoodSinceMillis(build.sinceMillis())
        .setRuns(runs)
        .build();
  }

  static PlannedStep of(Step step) {
    return PlannedStep.newBuilder().setAction(step.action()).setModule(step.module()).setText(step.toString()).build();
  }

  static ChangeModuleResponse of(Changes.Done done) {
    return ChangeModuleResponse.newBuilder().setModule(done.module()).setBuild(done.build()).setText(done.text()).build();
  }

  /** A jar that lies elsewhere: good for a plan, and for nothing else. */
  static Given given(JarFacts facts) {
    Path file = Path.of(facts.getFile());
    return new Given(
        new Facts(facts.getModule(), facts.getVersion(), facts.getHash(), facts.getServicesList(), facts.getCoexist(), facts.getNeedsList()),
        file, file, file, true, facts.getStamp(), Signed.UNKNOWN);
  }
}
