package dev.tenon.registry.vm.keep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The file system, to be made worse by a test. */
public class RealDiskLike implements Disk {
  private final Disk disk = new RealDisk();

  @Override
  public void makeDirectory(Path directory) throws IOException {
    disk.makeDirectory(directory);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    disk.replace(file, content);
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }

  @Override
  public void rename(Path file, Path to) throws IOException {
    disk.rename(file, to);
  }

  @Override
  public void force(Path directory) throws IOException {
    disk.force(directory);
  }

  @Override
  public Map<String, Object> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public byte[] read(Path file, int most) throws IOException {
    return disk.read(file, most);
  }
}
