package dev.tenon.cli.workload;

/** What a workload is named by on the command line: {@code NAME} of the namespace default, or {@code NAMESPACE/NAME}. */
record Key(String namespace, String name) {
  static Key of(String said) {
    int slash = said.indexOf('/');
    return slash < 0 ? new Key("default", said) : new Key(said.substring(0, slash), said.substring(slash + 1));
  }
}
