package dev.tenon.registry.vm.keep;

import dev.tenon.registry.vm.accept.BadBeat;
import dev.tenon.registry.vm.accept.BeatReader;
import dev.tenon.registry.vm.accept.BeatWriter;
import dev.tenon.registry.vm.accept.Claim;
import dev.tenon.registry.vm.lease.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A lease as a text: the beat that would register it, in protobuf's text form, between a first line
 * that says what it is and a last one with a checksum of all above. A text that lacks its end is
 * recognised by that.
 */
final class LeaseText {
  private static final String FIRST = "# A lease of Tenon's registry of machines, form 1. Not to be edited: delete it to end the lease at the next start.\n";
  private static final String LAST = "# crc32c ";

  private LeaseText() {}

  static byte[] write(Lease lease) {
    String text = FIRST + BeatWriter.text(lease.id(), lease.registrant(), lease.timeToLive(), lease.standing());
    return (text + LAST + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a lease.
   *
   * @throws IOException when the text is not whole, or is none of ours; the message says what is wrong
   */
  static Lease read(byte[] content) throws IOException {
    String text = utf8(content);
    int last = text.lastIndexOf(LAST);
    if (!text.startsWith(FIRST)) {
      throw new IOException("does not begin as a lease does");
    }
    if (last < 0 || !text.substring(last).equals(LAST + checksum(text.substring(0, last)) + "\n")) {
      throw new IOException("is cut short or was altered: its checksum does not fit");
    }
    return lease(text.substring(0, last));
  }

  private static Lease lease(String text) throws IOException {
    try {
      Claim claim = BeatReader.read(text);
      if (claim.leaseId().isEmpty()) {
        throw new IOException("has no lease_id");
      }
      return new Lease(
          claim.leaseId(),
          claim.registrant().orElseThrow(() -> new IOException("has no workload")),
          claim.timeToLive().orElse(BeatReader.USUAL),
          claim.standing());
    } catch (BadBeat e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String utf8(byte[] content) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("is not UTF-8 text", e);
    }
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
