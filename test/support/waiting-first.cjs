/**
 * The order of the test files: those that wait for processes and pages first, beside the checks, and the quick ones that
 * only compute last, so that no long one is left alone at the end. Within a kind the largest first.
 */
const { statSync } = require('node:fs');

const ORDER = ['browser', 'e2e', 'integration', 'unit'];

module.exports = class WaitingFirst {
  sort(tests) {
    const placed = [...tests].map((test) => ({
      test,
      kind: ORDER.indexOf(test.context.config.displayName?.name),
      bytes: statSync(test.path).size,
    }));
    return placed.sort((a, b) => a.kind - b.kind || b.bytes - a.bytes).map(({ test }) => test);
  }

  /** Nothing is remembered: a run is the same on a fresh clone and on an old one. */
  cacheResults() {}
};
