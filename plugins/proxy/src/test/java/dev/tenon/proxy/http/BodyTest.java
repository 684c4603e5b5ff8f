package dev.tenon.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a body is cut into reads, the same octets come out of it. */
class BodyTest {
  private static final String CHUNKS =
      "5\r\nhello\r\n1a;name=\"va\\\"l\"; x\r\nabcdefghijklmnopqrstuvwxyz\r\n0000\r\nTrailer: x\r\nOther:\r\n\r\n";
  private static final String FRAMED =
      "5\r\nhello\r\n1a;name=\"va\\\"l\"; x\r\nabcdefghijklmnopqrstuvwxyz\r\n0000\r\n\r\n";
  private static final String CONTENT = "helloabcdefghijklmnopqrstuvwxyz";

  private static final class Collected implements Body.Pieces {
    final StringBuilder content = new StringBuilder();
    final StringBuilder all = new StringBuilder();
    private final byte[] bytes;

    Collected(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void data(int from, int to) {
      content.append(Octets.text(bytes, from, to));
      all.append(Octets.text(bytes, from, to));
    }

    @Override
    public void frame(int from, int to) {
      all.append(Octets.text(bytes, from, to));
    }
  }

  private static Body chunked() {
    byte[] request =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Head head = new Head();
    assertThat(HeadParser.request(request, 0, request.length, 100, head)).isEqualTo(request.length);
    Body body = new Body();
    body.ofRequest(head);
    return body;
  }

  @Test
  void chunksInAnyPieces() {
    Random random = new Random(42);
    byte[] bytes = (CHUNKS + "GET /next").getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 500; round++) {
      Body body = chunked();
      Collected collected = new Collected(bytes);
      int at = 0;
      while (!body.done()) {
        int end = Math.min(bytes.length, at + 1 + random.nextInt(round % 2 == 0 ? 3 : 40));
        int next =
            round % 3 == 0
                ? body.feed(Unpooled.wrappedBuffer(bytes).setIndex(at, end), collected)
                : body.feed(bytes, at, end, collected);
        assertThat(body.done() || next == end).isTrue();
        at = next;
      }
      assertThat(at).isEqualTo(CHUNKS.length());
      assertThat(collected.content).hasToString(CONTENT);
      assertThat(collected.all).hasToString(FRAMED);
    }
  }

  @Test
  void noOctetsWhateverTheyAreBreakTheParsers() {
    Random random = new Random(7);
    byte[] seed =
        "GET http://a:1/b?c HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\nContent-Length: 3\r\n\r\nabc"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] chunks = CHUNKS.getBytes(StandardCharsets.US_ASCII);
    Head head = new Head();
    Target target = new Target();
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = mutated(seed, random);
      int end = HeadParser.request(bytes, 0, bytes.length, 100, head);
      assertThat(end).isBetween(HeadParser.BAD, bytes.length);
      assertThat(end == HeadParser.BAD).isEqualTo(head.problem() != null);
      if (end > 0) {
        assertThat(target.read(head)).isEqualTo(head.problem() == null);
      }
      byte[] body = mutated(chunks, random);
      Body fed = chunked();
      assertThat(fed.feed(body, 0, body.length, new Collected(body))).isBetween(0, body.length);
    }
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] =
          random.nextBoolean() ? (byte) random.nextInt(256) : seed[random.nextInt(seed.length)];
    }
    return bytes;
  }

  @Test
  void whatIsParsedInPiecesIsWhatIsParsedAtOnce() {
    byte[] bytes =
        "GET /x HTTP/1.1\r\nHost: a\r\nX-Request-Id:  i d \t\r\nEmpty:\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Head head = new Head();
    for (int cut = 0; cut < bytes.length; cut++) {
      assertThat(HeadParser.request(bytes, 0, cut, 100, head)).as("cut at %d", cut).isEqualTo(HeadParser.INCOMPLETE);
    }
    assertThat(HeadParser.request(bytes, 0, bytes.length, 100, head)).isEqualTo(bytes.length);
    assertThat(head.value(head.find(Name.REQUEST_ID))).isEqualTo("i d");
    assertThat(head.value(head.find("empty", 0))).isEmpty();
    byte[] moved = new byte[bytes.length + 10];
    System.arraycopy(bytes, 0, moved, 10, bytes.length);
    head.moved(moved, 10);
    assertThat(head.joined("host")).isEqualTo("a");
  }
}
