package io.condenser.text;

/**
 * A row with some of its tokens masked.
 *
 * @param ids the row, special tokens included, after masking
 * @param positions columns whose original token is to be predicted, ascending
 * @param labels the original tokens there
 */
public record MaskedRow(int[] ids, int[] positions, int[] labels) {}
