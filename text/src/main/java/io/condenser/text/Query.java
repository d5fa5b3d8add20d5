package io.condenser.text;

/**
 * What somebody searches for.
 *
 * @param id unique in its file
 * @param text the question or the words
 */
public record Query(String id, String text) {}
