package dev.tenon.proxy.subscribe;

import java.util.List;

/**
 * Why a resource cannot be used. What was in force under its name goes on serving.
 *
 * @param name of the resource
 * @param path of the field within the resource, in the API's spelling; empty for the whole
 * @param reason what is wrong with it
 */
public record Rejection(String name, String path, String reason) {
  /** No more than this many characters of rejections are sent in one NACK. */
  static final int LONGEST_DETAIL = 8192;

  @Override
  public String toString() {
    return name + ": " + (path.isEmpty() ? "" : path + ": ") + reason;
  }

  /** What a NACK says of them, one line each. */
  static String detail(List<Rejection> rejections) {
    StringBuilder text = new StringBuilder();
    int left = rejections.size();
    for (Rejection rejection : rejections) {
      String line = rejection.toString();
      if (text.length() + line.length() > LONGEST_DETAIL && !text.isEmpty()) {
        return text.append("\nand ").append(left).append(" more").toString();
      }
      text.append(text.isEmpty() ? "" : "\n").append(line, 0, Math.min(line.length(), LONGEST_DETAIL));
      left--;
    }
    return text.toString();
  }
}
