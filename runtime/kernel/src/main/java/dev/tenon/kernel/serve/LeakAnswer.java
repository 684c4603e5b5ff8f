package dev.tenon.kernel.serve;

import dev.tenon.kernel.prove.Costs;
import dev.tenon.kernel.prove.Proof;
import dev.tenon.wire.admin.v1.ModuleLeak;
import dev.tenon.wire.admin.v1.ModuleLeaksResponse;

/** What became of the class loaders of closed modules, as a message. */
final class LeakAnswer {
  private LeakAnswer() {}

  static ModuleLeaksResponse of(Proof proof) {
    Costs costs = proof.costs();
    ModuleLeaksResponse.Builder answer = ModuleLeaksResponse.newBuilder()
        .setCollected(costs.collected())
        .setWaiting(costs.waiting())
        .setLeaked(costs.leaked())
        .setLeft(costs.left())
        .setCollections(costs.collections())
        .setCollectionMillis(costs.collectionMillis())
        .setDumps(costs.dumps())
        .setDumpMillis(costs.dumpMillis());
    proof.leaks().forEach(each -> answer.addLeaks(ModuleLeak.newBuilder()
        .setModule(each.module())
        .setBuild(each.build())
        .setClosedMillis(each.closedMillis())
        .addAllPath(each.path())
        .setReason(each.reason())));
    return answer.build();
  }
}
