/**
 * What a job came to, on one page: systems compared, curves of training, single queries, and what
 * made it all. The page is HTML that loads nothing; its plots are SVG drawn here.
 */
@NullMarked
package io.condenser.cli.report;

import org.jspecify.annotations.NullMarked;
