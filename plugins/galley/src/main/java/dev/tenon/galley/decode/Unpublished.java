package dev.tenon.galley.decode;

/** What an object means that is checked, kept and shown, and changes no request. */
public interface Unpublished {}
