package dev.tenon.mixer.serve;

import dev.tenon.mixer.dispatch.Adapters;
import dev.tenon.mixer.share.Journal;
import dev.tenon.spi.rules.RuleSet;
import dev.tenon.wire.policy.v1.Answers;
import dev.tenon.wire.policy.v1.Questions;
import dev.tenon.wire.policy.v1.SharedPolicyGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The policy service: proxies ask it about handlers whose state they share. A stream is a proxy; what one proxy may be
 * granted ahead is a share of what is left, so that others find something too.
 */
public final class SharedService extends SharedPolicyGrpc.SharedPolicyImplBase implements AutoCloseable {
  private final Known known;
  private final LongSupplier clock;
  private final @Nullable Journal journal;
  private final ConcurrentMap<String, Active> active = new ConcurrentHashMap<>();
  private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();

  public SharedService(Adapters adapters, LongSupplier clock) {
    this(adapters, clock, null);
  }

  /** @param journal of what is granted; null: none is kept */
  public SharedService(Adapters adapters, LongSupplier clock, @Nullable Journal journal) {
    this.journal = journal;
    this.known = new Known(adapters);
    this.clock = clock;
  }

  /** The configuration has changed. */
  public void rules(RuleSet rules) {
    known.rules(rules);
    active.keySet().removeIf(each -> known.find(each) == null);
  }

  @Override
  public StreamObserver<Questions> ask(StreamObserver<Answers> answers) {
    Conversation conversation =
        new Conversation((ServerCallStreamObserver<Answers>) answers, known, handler -> active.computeIfAbsent(handler, each -> new Active(clock)), this::ended, journal);
    conversations.add(conversation);
    conversation.begin();
    return conversation;
  }

  private void ended(Conversation conversation) {
    conversations.remove(conversation);
    active.values().forEach(each -> each.gone(conversation));
  }

  /** Ends all conversations, so that proxies ask the generation that has taken over. */
  @Override
  public void close() {
    conversations.forEach(Conversation::end);
    known.close();
  }
}
