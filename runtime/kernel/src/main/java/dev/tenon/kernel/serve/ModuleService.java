package dev.tenon.kernel.serve;

import dev.tenon.kernel.admit.Caller;
import dev.tenon.kernel.change.Changes;
import dev.tenon.kernel.keep.Build;
import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.keep.Ledger;
import dev.tenon.kernel.load.Refused;
import dev.tenon.kernel.plan.Given;
import dev.tenon.kernel.plan.Step;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.kernel.swap.Status;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.InstallModuleRequest;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleHistoryRequest;
import dev.tenon.wire.admin.v1.ModuleHistoryResponse;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ModuleLeaksRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;
import dev.tenon.wire.admin.v1.ModuleMetricsRequest;
import dev.tenon.wire.admin.v1.ModuleMetricsResponse;
import dev.tenon.wire.admin.v1.PlanModulesRequest;
import dev.tenon.wire.admin.v1.PlanModulesResponse;
import dev.tenon.wire.admin.v1.RemoveModuleRequest;
import dev.tenon.wire.admin.v1.RollbackModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleRequest;
import dev.tenon.wire.admin.v1.ShowModuleResponse;
import dev.tenon.wire.admin.v1.StopRequest;
import dev.tenon.wire.admin.v1.StopResponse;
import dev.tenon.wire.admin.v1.VerifyModuleRequest;
import dev.tenon.wire.admin.v1.VerifyModuleResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The kernel's own service: its modules, and the process's end. Loads its gRPC half when it is first bound. */
public final class ModuleService implements BindableService {
  private static final int LATEST = 100;

  private final ProcessInfo process;
  private final Modules modules;
  private final Changes changes;
  private final Ledger ledger;
  private final Journal journal;
  private final Trust trust;
  private final Runnable stop;

  /**
   * Answers for one process.
   *
   * @param trust asked about jars that come from afar
   * @param stop begins the process's end and returns
   */
  public ModuleService(ProcessInfo process, Modules modules, Changes changes, Ledger ledger, Journal journal, Trust trust, Runnable stop) {
    this.process = process;
    this.modules = modules;
    this.changes = changes;
    this.ledger = ledger;
    this.journal = journal;
    this.trust = trust;
    this.stop = stop;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return new Grpc().bindService();
  }

  private ListModulesResponse list() {
    ListModulesResponse.Builder list = ListModulesResponse.newBuilder()
        .setProfile(process.profile())
        .setVersion(process.version())
        .setPid(ProcessHandle.current().pid())
        .setReady(modules.ready());
    modules.status().forEach(each -> list.addModules(info(each)));
    journal.events().stream().limit(LATEST).forEach(each -> list.addEvents(Answers.of(each)));
    return list.build();
  }

  /** What older generations still hold is shown at the one that serves. */
  private ModuleInfo.Builder info(Status status) {
    return Answers.of(status).setOldConnections(status.state().equals("active") ? modules.oldConnections(status.module()) : 0);
  }

  private ShowModuleResponse show(String module) throws Refused {
    ShowModuleResponse.Builder shown = ShowModuleResponse.newBuilder();
    modules.status().stream().filter(each -> each.module().equals(module)).forEach(each -> shown.addGenerations(info(each)));
    Set<String> running = modules.running().values().stream().filter(each -> each.module().equals(module)).map(Given::hash).collect(Collectors.toSet());
    List<Build> kept = ledger.builds(module);
    kept.forEach(each -> shown.addKept(Answers.of(each, running.contains(each.hash()))));
    if (shown.getGenerationsCount() + kept.size() == 0) {
      throw new Refused("there is no module " + module + " and none is remembered; see 'tenon module list'");
    }
    journal.events().stream().filter(each -> each.module().equals(module)).limit(LATEST).forEach(each -> shown.addEvents(Answers.of(each)));
    return shown.build();
  }

  private PlanModulesResponse plan(PlanModulesRequest request) {
    List<Step> steps = request.getInstead()
        ? modules.plan(request.getJarsList().stream().map(Answers::given).toList(), Set.copyOf(request.getDisabledList()))
        : modules.plan();
    PlanModulesResponse.Builder plan = PlanModulesResponse.newBuilder();
    steps.forEach(each -> plan.addSteps(Answers.of(each)));
    return plan.build();
  }

  private ModuleHistoryResponse history(String module, int most) {
    ModuleHistoryResponse.Builder history = ModuleHistoryResponse.newBuilder();
    journal.events().stream()
        .filter(each -> module.isEmpty() || each.module().equals(module))
        .limit(most == 0 ? Long.MAX_VALUE : Integer.toUnsignedLong(most))
        .forEach(each -> history.addEvents(Answers.of(each)));
    return history.build();
  }

  /** A jar that comes from afar must be signed by somebody who is trusted, whatever the drop folder asks. */
  private Changes.Condition condition(Caller caller) {
    return caller.remote()
        ? (file, digest) -> {
          String _ = trust.demand(file, caller.name(), digest);
        }
        : (file, digest) -> {};
  }

  /** The generated half. */
  private final class Grpc extends ModuleAdminGrpc.ModuleAdminImplBase {
    @Override
    public void list(ListModulesRequest request, StreamObserver<ListModulesResponse> answer) {
      Replies.reply(answer, ModuleService.this::list);
    }

    @Override
    public void show(ShowModuleRequest request, StreamObserver<ShowModuleResponse> answer) {
      Replies.reply(answer, () -> ModuleService.this.show(request.getModule()));
    }

    @Override
    public void plan(PlanModulesRequest request, StreamObserver<PlanModulesResponse> answer) {
      Replies.reply(answer, () -> ModuleService.this.plan(request));
    }

    @Override
    public StreamObserver<InstallModuleRequest> install(StreamObserver<ChangeModuleResponse> answer) {
      Caller caller = Callers.CALLER.get();
      return new Taking(changes, condition(caller), caller, answer);
    }

    @Override
    public void remove(RemoveModuleRequest request, StreamObserver<ChangeModuleResponse> answer) {
      Replies.reply(answer, () -> Answers.of(changes.remove(request.getModule(), Callers.CALLER.get().name())));
    }

    @Override
    public void rollback(RollbackModuleRequest request, StreamObserver<ChangeModuleResponse> answer) {
      Replies.reply(answer, () -> Answers.of(changes.rollback(request.getModule(), request.getBuild(), Callers.CALLER.get().name())));
    }

    @Override
    public void history(ModuleHistoryRequest request, StreamObserver<ModuleHistoryResponse> answer) {
      Replies.reply(answer, () -> ModuleService.this.history(request.getModule(), request.getMost()));
    }

    @Override
    public void metrics(ModuleMetricsRequest request, StreamObserver<ModuleMetricsResponse> answer) {
      Replies.reply(answer, () -> ModuleMetricsResponse.newBuilder().setText(Counts.text(journal.counts(), modules.status())).build());
    }

    @Override
    public void leaks(ModuleLeaksRequest request, StreamObserver<ModuleLeaksResponse> answer) {
      answer.onNext(LeakAnswer.of(modules.proof()));
      answer.onCompleted();
    }

    @Override
    public void verify(VerifyModuleRequest request, StreamObserver<VerifyModuleResponse> answer) {
      Verifying.answer(trust, request, answer);
    }

    @Override
    public void stop(StopRequest request, StreamObserver<StopResponse> answer) {
      answer.onNext(StopResponse.getDefaultInstance());
      answer.onCompleted();
      stop.run();
    }
  }
}
