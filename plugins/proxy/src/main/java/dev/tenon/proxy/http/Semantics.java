package dev.tenon.proxy.http;

/** What the fields of a head say about its framing and its connection (RFC 9112 sections 6 and 9). */
final class Semantics {
  private static final int LONGEST_LENGTH = 18;

  private Semantics() {}

  /** Takes note of one field as it is parsed. False: the head has a problem. */
  static boolean field(Head head, byte number, int valueAt, int valueEnd) {
    switch (number) {
      case Name.HOST -> {
        head.hosts++;
        head.hostIndex = head.count - 1;
      }
      case Name.CONTENT_LENGTH -> {
        return contentLength(head, valueAt, valueEnd);
      }
      case Name.TRANSFER_ENCODING -> {
        if (head.chunked || !Octets.equalsLower(head.bytes, valueAt, valueEnd, "chunked")) {
          return bad(head, Problem.TRANSFER_ENCODING);
        }
        head.chunked = true;
      }
      case Name.CONNECTION, Name.PROXY_CONNECTION -> connection(head, number, valueAt, valueEnd);
      case Name.EXPECT -> {
        if (!Octets.equalsLower(head.bytes, valueAt, valueEnd, "100-continue")) {
          return bad(head, Problem.EXPECTATION);
        }
        head.expectContinue = true;
      }
      default -> {}
    }
    return true;
  }

  private static boolean contentLength(Head head, int from, int to) {
    if (head.contentLength != Head.NO_LENGTH || from == to || to - from > LONGEST_LENGTH) {
      return bad(head, Problem.CONTENT_LENGTH);
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      int digit = head.bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return bad(head, Problem.CONTENT_LENGTH);
      }
      length = length * 10 + digit;
    }
    head.contentLength = length;
    return true;
  }

  private static void connection(Head head, byte number, int from, int to) {
    if (number == Name.CONNECTION) {
      head.connections++;
    }
    int at = from;
    while (at < to) {
      int end = tokenEnd(head.bytes, at, to);
      int last = end;
      while (last > at && (head.bytes[last - 1] == ' ' || head.bytes[last - 1] == '\t')) {
        last--;
      }
      if (Octets.equalsLower(head.bytes, at, last, "close")) {
        head.close = true;
      } else if (Octets.equalsLower(head.bytes, at, last, "keep-alive")) {
        head.keepAlive = true;
      }
      at = end + 1;
      while (at < to && (head.bytes[at] == ' ' || head.bytes[at] == '\t')) {
        at++;
      }
    }
  }

  private static int tokenEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != ',') {
      at++;
    }
    return at;
  }

  /** What a whole request must have besides. */
  static boolean request(Head head) {
    if (head.chunked && head.minorVersion == 0) {
      return bad(head, Problem.TRANSFER_ENCODING);
    }
    if (head.chunked && head.contentLength != Head.NO_LENGTH) {
      return bad(head, Problem.BOTH_LENGTHS);
    }
    if (head.hosts > 1 || (head.hosts == 0 && head.minorVersion == 1)) {
      return bad(head, Problem.HOST);
    }
    if (head.methodEnd - head.start == 7 && head.method("CONNECT")) {
      return bad(head, Problem.CONNECT);
    }
    return true;
  }

  /** What a whole response must have besides. */
  static boolean response(Head head) {
    return !head.chunked || head.contentLength == Head.NO_LENGTH || bad(head, Problem.BOTH_LENGTHS);
  }

  /** Whether a range can be an authority; an empty one can. */
  static boolean authority(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if ((Octets.of(bytes[i]) & Octets.AUTHORITY) == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean bad(Head head, Problem problem) {
    head.problem = problem;
    return false;
  }
}
