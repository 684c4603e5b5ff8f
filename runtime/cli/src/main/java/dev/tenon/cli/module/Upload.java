package dev.tenon.cli.module;

import com.google.protobuf.ByteString;
import dev.tenon.cli.client.AdminSocket;
import dev.tenon.cli.client.Refused;
import dev.tenon.wire.admin.v1.ChangeModuleResponse;
import dev.tenon.wire.admin.v1.InstallHead;
import dev.tenon.wire.admin.v1.InstallModuleRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends one jar in pieces, as fast as the process takes them, and waits for what became of it. */
final class Upload implements ClientResponseObserver<InstallModuleRequest, ChangeModuleResponse> {
  private static final int PIECE = 256 * 1024;
  private final InputStream bytes;
  private final InstallHead head;
  private final CompletableFuture<ChangeModuleResponse> answer = new CompletableFuture<>();
  private boolean begun;
  private boolean ended;

  private Upload(InputStream bytes, InstallHead head) {
    this.bytes = bytes;
    this.head = head;
  }

  /**
   * Sends a file.
   *
   * @param swap whether it replaces what runs, whatever the versions
   * @throws Refused when the file cannot be read
   * @throws io.grpc.StatusRuntimeException when the process refuses it
   */
  static ChangeModuleResponse send(AdminSocket socket, Path file, boolean swap) {
    if (!Files.isRegularFile(file)) {
      throw new Refused(file + ": no such file");
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      InstallHead head = InstallHead.newBuilder()
          .setFileName(String.valueOf(file.getFileName()))
          .setSize(Files.size(file))
          .setSwap(swap)
          .build();
      Upload upload = new Upload(bytes, head);
      socket.uploads().install(upload);
      return upload.answer.join();
    } catch (IOException e) {
      throw new Refused(file + ": cannot be read: " + e);
    } catch (CompletionException e) {
      throw Status.fromThrowable(e.getCause() == null ? e : e.getCause()).asRuntimeException();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<InstallModuleRequest> call) {
    call.setOnReadyHandler(() -> push(call));
  }

  private void push(ClientCallStreamObserver<InstallModuleRequest> call) {
    try {
      if (!begun) {
        begun = true;
        call.onNext(InstallModuleRequest.newBuilder().setHead(head).build());
      }
      while (!ended && call.isReady()) {
        byte[] piece = bytes.readNBytes(PIECE);
        if (piece.length == 0) {
          ended = true;
          call.onCompleted();
        } else {
          call.onNext(InstallModuleRequest.newBuilder().setPiece(ByteString.copyFrom(piece)).build());
        }
      }
    } catch (IOException e) {
      ended = true;
      call.cancel("the file cannot be read: " + e, e);
    }
  }

  @Override
  public void onNext(ChangeModuleResponse response) {
    answer.complete(response);
  }

  @Override
  public void onError(@Nullable Throwable failure) {
    answer.completeExceptionally(failure == null ? new IllegalStateException("no reason given") : failure);
  }

  @Override
  public void onCompleted() {
    answer.completeExceptionally(Status.INTERNAL.withDescription("the process gave no answer").asRuntimeException());
  }
}
