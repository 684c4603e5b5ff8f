package dev.tenon.proxy.request;

import dev.tenon.proxy.http.Head;
import dev.tenon.spi.traffic.RequestHead;
import dev.tenon.spi.traffic.ResponseHead;

/** An answer's head as plug-ins see it, while a writer has its changes in hand. */
public final class ResponseView extends HeadView implements ResponseHead {
  private final RequestView request = new RequestView();
  private int status;
  private boolean own;

  ResponseView show(Head head, Edits edits, int code, boolean ofTheProxy) {
    status = code;
    own = ofTheProxy;
    show(head, edits);
    return this;
  }

  /** Shows with it the request that it answers. */
  public void to(Call call, String workload) {
    request.showFixed(call, workload);
  }

  /** The request that it answers. */
  public RequestHead request() {
    return request;
  }

  @Override
  public int status() {
    shown();
    return status;
  }

  @Override
  public boolean own() {
    shown();
    return own;
  }

  @Override
  public void takeBack() {
    super.takeBack();
    request.takeBack();
  }
}
