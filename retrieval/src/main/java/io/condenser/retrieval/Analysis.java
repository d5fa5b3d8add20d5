package io.condenser.retrieval;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/** How BM25 turns text into terms; an index and its queries must use the same. */
public enum Analysis {
  /**
   * Words, lower case, English stop words dropped, Porter's stemming: Lucene's English analysis.
   */
  ENGLISH {
    @Override
    Analyzer analyzer() {
      return new EnglishAnalyzer();
    }
  },
  /** Words, lower case, and nothing that only one language has: Lucene's standard analysis. */
  PLAIN {
    @Override
    Analyzer analyzer() {
      return new StandardAnalyzer();
    }
  },
  /** Pairs of neighbouring Chinese, Japanese or Korean characters; other scripts by words. */
  CJK {
    @Override
    Analyzer analyzer() {
      return new CJKAnalyzer();
    }
  };

  abstract Analyzer analyzer();
}
