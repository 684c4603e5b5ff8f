package dev.tenon.galley.serve;

import dev.tenon.galley.decode.Kind;
import dev.tenon.galley.publish.Edit;
import dev.tenon.galley.publish.Editor;
import dev.tenon.galley.publish.Overview;
import dev.tenon.galley.publish.StoreEditor;
import dev.tenon.spi.config.Finding;
import dev.tenon.spi.config.Position;
import dev.tenon.wire.admin.v1.ApplyRequest;
import dev.tenon.wire.admin.v1.ApplyResponse;
import dev.tenon.wire.admin.v1.ConfigAdminGrpc;
import dev.tenon.wire.admin.v1.DeleteRequest;
import dev.tenon.wire.admin.v1.DeleteResponse;
import dev.tenon.wire.admin.v1.GetRequest;
import dev.tenon.wire.admin.v1.GetResponse;
import dev.tenon.wire.admin.v1.ObjectKey;
import dev.tenon.wire.admin.v1.SourcesRequest;
import dev.tenon.wire.admin.v1.SourcesResponse;
import dev.tenon.wire.admin.v1.Text;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers operators. Blocks on the disk, so it must not be called on an event loop. */
public final class ConfigService extends ConfigAdminGrpc.ConfigAdminImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigService.class);

  private static final int MOST_ERRORS = 1_000;

  private final Editor editor;
  private final StoreEditor stores;
  private final Overview overview;

  public ConfigService(Editor editor, Overview overview) {
    this.editor = editor;
    this.stores = new StoreEditor(editor);
    this.overview = overview;
  }

  @Override
  public void apply(ApplyRequest request, StreamObserver<ApplyResponse> observer) {
    answer(
        observer,
        () -> {
          List<Edit.Text> texts = texts(request.getTextsList());
          String namespace = namespace(request.getNamespace());
          Edit.Result result =
              request.getTo().isEmpty()
                  ? editor.apply(texts, request.getStrict(), request.getDryRun(), namespace)
                  : stores.apply(request.getTo(), texts, request.getStrict(), request.getDryRun(), namespace);
          return ApplyResponse.newBuilder()
              .setAccepted(result.accepted())
              .addAllChanges(result.changes().stream().map(Messages::change).toList())
              .addAllFindings(result.findings().stream().map(Messages::finding).toList())
              .build();
        });
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    answer(
        observer,
        () -> {
          Optional<Kind> kind = request.getKind().isEmpty() ? Optional.empty() : Optional.of(kind(request.getKind()));
          GetResponse.Builder response = GetResponse.newBuilder();
          for (Overview.Present each : overview.objects()) {
            if ((kind.isEmpty() || kind.get() == each.key().kind())
                && (request.getNamespace().isEmpty() || request.getNamespace().equals(each.key().namespace()))
                && (request.getName().isEmpty() || request.getName().equals(each.key().name()))) {
              response.addObjects(Messages.object(each));
            }
          }
          return response.addAllFindings(overview.findings().stream().map(Messages::finding).toList()).build();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    answer(
        observer,
        () -> {
          List<dev.tenon.galley.decode.ObjectKey> keys = new ArrayList<>();
          List<ObjectKey> nameless = new ArrayList<>();
          for (ObjectKey each : request.getKeysList()) {
            String of = each.getNamespace().isEmpty() ? namespace(request.getNamespace()) : each.getNamespace();
            Kind kind = kind(each.getKind());
            Editor.key(kind.kindName(), of, each.getName())
                .ifPresentOrElse(keys::add, () -> nameless.add(each.toBuilder().setNamespace(of).build()));
          }
          List<Edit.Text> texts = texts(request.getTextsList());
          String namespace = namespace(request.getNamespace());
          Edit.Result result =
              request.getFrom().isEmpty() ? editor.delete(keys, texts, namespace) : stores.delete(request.getFrom(), keys, texts, namespace);
          DeleteResponse.Builder response = DeleteResponse.newBuilder()
              .addAllChanges(result.changes().stream().map(Messages::change).toList())
              .addAllFindings(result.findings().stream().map(Messages::finding).toList());
          for (dev.tenon.galley.decode.ObjectKey each : result.missing()) {
            overview.owner(each).ifPresentOrElse(
                owner -> response.addFindings(Messages.finding(new Finding(
                    Finding.Severity.ERROR, "TEN0108", Position.of(each.toString()), "", "is nobody's configuration: it lives with " + owner))),
                () -> response.addMissing(Messages.key(each)));
          }
          return response.addAllMissing(nameless).build();
        });
  }

  @Override
  public void sources(SourcesRequest request, StreamObserver<SourcesResponse> observer) {
    answer(
        observer,
        () ->
            SourcesResponse.newBuilder()
                .addAllSources(overview.sources().entrySet().stream().map(each -> Messages.source(each.getKey(), each.getValue())).toList())
                .addAllErrors(
                    overview.findings().stream()
                        .filter(each -> each.severity() == Finding.Severity.ERROR)
                        .limit(MOST_ERRORS)
                        .map(Messages::finding)
                        .toList())
                .build());
  }

  private static List<Edit.Text> texts(List<Text> texts) {
    return texts.stream()
        .map(text -> new Edit.Text(text.getOrigin().isEmpty() ? "the request" : text.getOrigin(), text.getYaml()))
        .toList();
  }

  private static String namespace(String named) {
    return named.isEmpty() ? "default" : named;
  }

  private static Kind kind(String word) {
    return Kind.named(word)
        .orElseThrow(
            () ->
                Status.INVALID_ARGUMENT
                    .withDescription("unknown kind " + word + "; known: " + Kind.known())
                    .asRuntimeException());
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    T response;
    try {
      response = work.get();
    } catch (io.grpc.StatusRuntimeException e) {
      observer.onError(e);
      return;
    } catch (Edit.NotReady e) {
      observer.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
      return;
    } catch (RuntimeException e) {
      LOG.error("a request of an operator failed", e);
      observer.onError(Status.INTERNAL.withDescription("galley failed: " + e).asRuntimeException());
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
