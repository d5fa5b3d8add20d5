package io.condenser.retrieval;

/**
 * A passage that was found, to be shown.
 *
 * @param id the passage
 * @param score how well it fits; comparable only within one list of answers
 * @param title empty where there is none
 * @param text what it says
 */
public record Answer(String id, float score, String title, String text) {}
