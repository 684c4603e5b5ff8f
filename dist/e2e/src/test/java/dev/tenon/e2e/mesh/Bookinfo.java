package dev.tenon.e2e.mesh;

import java.util.List;

/** Bookinfo's workloads. */
public final class Bookinfo {
  public static final Member PRODUCTPAGE = new Member("productpage", "v1", 11);
  public static final Member DETAILS = new Member("details", "v1", 12);
  public static final Member REVIEWS_V1 = new Member("reviews", "v1", 13);
  public static final Member REVIEWS_V2 = new Member("reviews", "v2", 14);
  public static final Member REVIEWS_V3 = new Member("reviews", "v3", 15);
  public static final Member RATINGS = new Member("ratings", "v1", 16);
  public static final List<Member> ALL = List.of(PRODUCTPAGE, DETAILS, REVIEWS_V1, REVIEWS_V2, REVIEWS_V3, RATINGS);

  private Bookinfo() {}
}
