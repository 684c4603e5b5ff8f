package dev.tenon.kernel.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads a jar from its first byte to its last, and the jars inside it: every byte belongs to one entry,
 * no two readers can see different content, and nothing is larger than it looks.
 *
 * <p>Limits, the jars inside it counted: 50,000 entries, 512 MB unpacked, and an entry above 1 MB at most
 * a hundred times its packed size.
 */
public final class Inspection {
  static final int MOST_ENTRIES = 50_000;
  static final long MOST_BYTES = 512L << 20;
  private static final long ANY_RATIO = 1 << 20;
  private static final long MOST_RATIO = 100;
  private static final int BUFFER = 32_768;
  private static final int FOLLOWING = 0x08074b50;

  private final Path scratch;
  private final byte[] unpacked = new byte[BUFFER];
  private int entries;
  private long bytes;

  private Inspection(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * Reads all of a jar.
   *
   * @param scratch a folder for jars inside it; left as it was
   * @throws Refused with the first thing that is wrong
   */
  public static void inspect(Path jar, Path scratch) throws IOException, Refused {
    new Inspection(scratch).archive(jar, true);
  }

  private void archive(Path file, boolean outer) throws IOException, Refused {
    try (FileChannel channel = FileChannel.open(file)) {
      Archive archive = Archive.read(channel);
      List<Member> members = archive.members();
      count(members);
      long at = 0;
      for (Member member : members.stream().sorted(Comparator.comparingLong(Member::offset)).toList()) {
        if (member.offset() != at) {
          throw new Refused("has bytes before " + member.name() + " that belong to no entry, or to two; build it again");
        }
        at = member(channel, member, outer);
      }
      if (at != archive.offset()) {
        throw new Refused("has bytes before its zip directory that belong to no entry; build it again");
      }
    }
  }

  private void count(List<Member> members) throws Refused {
    entries += members.size();
    if (entries > MOST_ENTRIES) {
      throw new Refused("has more than " + MOST_ENTRIES + " entries, those of the jars inside it counted");
    }
    Set<String> names = new HashSet<>();
    for (Member member : members) {
      String name = member.name();
      // A manifest and signatures are found whatever the case of their names.
      if (!names.add(name.regionMatches(true, 0, "META-INF/", 0, 9) ? name.toLowerCase(Locale.ROOT) : name)) {
        throw new Refused("has the entry " + name + " twice; build it again");
      }
      bytes += member.size();
      if (bytes > MOST_BYTES || member.size() > Math.max(ANY_RATIO, MOST_RATIO * member.packed())) {
        throw new Refused("unpacks to far more than a jar should: " + name + " has " + member.size() + " bytes packed into "
            + member.packed() + "; at most " + MOST_BYTES + " in all and " + MOST_RATIO + " to 1 are read");
      }
    }
  }

  /** Reads one entry and says where it ends. */
  private long member(FileChannel channel, Member member, boolean outer) throws IOException, Refused {
    ByteBuffer header = Archive.read(channel, member.offset(), Member.LOCAL_LENGTH + 3 * member.name().length());
    long data = member.offset() + member.data(header);
    if (outer && !member.isDirectory() && member.name().endsWith(".jar")) {
      inner(channel, member, data);
    } else {
      unpack(channel, member, data, null);
    }
    return data + member.packed() + (member.sizesFollow() ? following(channel, member, data + member.packed()) : 0);
  }

  private void inner(FileChannel channel, Member member, long data) throws IOException, Refused {
    Path copy = Files.createTempFile(scratch, ".inner", ".jar");
    try {
      try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        unpack(channel, member, data, out);
      }
      archive(copy, false);
    } catch (Refused e) {
      throw new Refused("holds " + member.name() + ", which " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private void unpack(FileChannel channel, Member member, long data, @Nullable FileChannel out) throws IOException, Refused {
    CRC32 crc = new CRC32();
    long made = 0;
    Inflater inflater = new Inflater(true);
    try {
      for (long taken = 0; taken < member.packed(); ) {
        ByteBuffer piece = Archive.read(channel, data + taken, (int) Math.min(BUFFER, member.packed() - taken));
        if (!piece.hasRemaining() || inflater.finished()) {
          throw damaged(member);
        }
        taken += piece.remaining();
        made += member.method() == Member.STORED ? keep(piece, crc, out) : inflate(inflater, piece, crc, out, member.size() - made);
        if (made > member.size()) {
          throw damaged(member);
        }
      }
      if (member.method() == Member.DEFLATED && !inflater.finished()) {
        throw damaged(member);
      }
    } catch (DataFormatException e) {
      throw damaged(member);
    } finally {
      inflater.end();
    }
    if (made != member.size() || (int) crc.getValue() != member.crc()) {
      throw damaged(member);
    }
  }

  private static long keep(ByteBuffer piece, CRC32 crc, @Nullable FileChannel out) throws IOException {
    int length = piece.remaining();
    crc.update(piece.duplicate());
    while (out != null && piece.hasRemaining()) {
      out.write(piece);
    }
    return length;
  }

  /** Stops one buffer above what the entry may have. */
  private long inflate(Inflater inflater, ByteBuffer piece, CRC32 crc, @Nullable FileChannel out, long most)
      throws DataFormatException, IOException {
    inflater.setInput(piece);
    long made = 0;
    int now = inflater.inflate(unpacked);
    while (now > 0 && made <= most) {
      made += keep(ByteBuffer.wrap(unpacked, 0, now), crc, out);
      now = inflater.inflate(unpacked);
    }
    return inflater.getRemaining() > 0 || inflater.needsDictionary() ? most + 1 : made;
  }

  /** CRC and sizes after the data, with or without their mark. */
  private static int following(FileChannel channel, Member member, long at) throws IOException, Refused {
    ByteBuffer next = Archive.read(channel, at, 16);
    int mark = next.remaining() == 16 && next.getInt(0) == FOLLOWING ? 4 : 0;
    if (next.remaining() < mark + 12 || next.getInt(mark) != member.crc() || next.getInt(mark + 4) != (int) member.packed()
        || next.getInt(mark + 8) != (int) member.size()) {
      throw damaged(member);
    }
    return mark + 12;
  }

  private static Refused damaged(Member member) {
    return new Refused("is damaged: what it holds of " + member.name() + " is not what its zip directory says; build or copy it again");
  }
}
