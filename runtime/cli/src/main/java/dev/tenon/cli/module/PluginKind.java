package dev.tenon.cli.module;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of plug-in that a project can be written for, each begun as a copy of one of the samples. */
enum PluginKind {
  POLICY_ADAPTER("policy-adapter", "headerguard", "HeaderGuard", "dev.tenon.spi.policy.AdapterFactory"),
  QUOTA_ADAPTER("quota-adapter", "countquota", "CountQuota", "dev.tenon.spi.policy.AdapterFactory"),
  REGISTRY("registry", "fileregistry", "FileRegistry", "dev.tenon.spi.lifecycle.Module"),
  CONFIG_SOURCE("config-source", "fileconfig", "FileConfig", "dev.tenon.spi.lifecycle.Module"),
  REQUEST_FILTER("request-filter", "tenanttag", "TenantTag", "dev.tenon.spi.traffic.RequestFilterFactory"),
  BALANCER("balancer", "stickyhash", "StickyHash", "dev.tenon.spi.traffic.BalancerFactory"),
  TELEMETRY_SINK("telemetry-sink", "jsonlines", "JsonLines", "dev.tenon.spi.telemetry.SinkFactory");

  private final String text;
  private final String sample;
  private final String type;
  private final String service;

  PluginKind(String text, String sample, String type, String service) {
    this.text = text;
    this.sample = sample;
    this.type = type;
    this.service = service;
  }

  /** The name of the sample, which is its plug-in's name and the last part of its package. */
  String sample() {
    return sample;
  }

  /** The name of the sample's class. */
  String type() {
    return type;
  }

  /** What its file in {@code META-INF/services} is called. */
  String service() {
    return service;
  }

  /** All of them, for messages. */
  static String all() {
    return Arrays.stream(values()).map(PluginKind::toString).collect(Collectors.joining(", "));
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return text;
  }
}
