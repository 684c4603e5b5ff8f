package dev.tenon.kernel.serve;

import dev.tenon.kernel.keep.Journal;
import dev.tenon.kernel.swap.Modules;
import dev.tenon.kernel.trust.Trust;
import dev.tenon.spi.lifecycle.ProcessInfo;
import dev.tenon.wire.admin.v1.ListModulesRequest;
import dev.tenon.wire.admin.v1.ListModulesResponse;
import dev.tenon.wire.admin.v1.ModuleAdminGrpc;
import dev.tenon.wire.admin.v1.ModuleEvent;
import dev.tenon.wire.admin.v1.ModuleInfo;
import dev.tenon.wire.admin.v1.ModuleLeaksRequest;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;
import dev.tenon.wire.admin.v1.StopRequest;
import dev.tenon.wire.admin.v1.StopResponse;
import dev.tenon.wire.admin.v1.VerifyModuleRequest;
import dev.tenon.wire.admin.v1.VerifyModuleResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;

/** The kernel's own service. Loads its gRPC half when it is first bound. */
public final class ModuleService implements BindableService {
  private final ProcessInfo process;
  private final Modules modules;
  private final Journal journal;
  private final Trust trust;
  private final Runnable stop;

  /**
   * Answers for one process.
   *
   * @param stop begins the process's end and returns
   */
  public ModuleService(ProcessInfo process, Modules modules, Journal journal, Trust trust, Runnable stop) {
    this.process = process;
    this.modules = modules;
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
    modules.status().forEach(each -> list.addModules(ModuleInfo.newBuilder()
        .setName(each.module())
        .setVersion(each.version())
        .setBuild(each.build())
        .setState(each.state())
        .setGeneration(each.generation())
        .setFile(each.file())
        .setSinceMillis(each.sinceMillis())
        .setReason(each.reason())
        .setSigner(each.signer())
        .setRequests(each.usage().requests())
        .setCpuShare(each.usage().cpuShare())
        .setAllocatedBytes(each.usage().allocatedLately())
        .setErrors(each.usage().errors())
        .setTimeouts(each.usage().timeouts())));
    journal.events().forEach(each -> list.addEvents(ModuleEvent.newBuilder()
        .setAtMillis(each.atMillis())
        .setModule(each.module())
        .setBuild(each.build())
        .setEvent(each.event())
        .setDetail(each.detail())));
    return list.build();
  }

  /** The generated half. */
  private final class Grpc extends ModuleAdminGrpc.ModuleAdminImplBase {
    @Override
    public void list(ListModulesRequest request, StreamObserver<ListModulesResponse> answer) {
      answer.onNext(ModuleService.this.list());
      answer.onCompleted();
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
