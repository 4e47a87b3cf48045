const { order } = require('./plan.json');

/**
 * The order of `npm test`: the longest first, so that no worker is left alone with one at the end, and what waits (browser,
 * processes) between what computes, so that neither starves. What the plan does not name comes last.
 */
module.exports = class PlannedSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = order.findIndex((name) => path.endsWith(`/test/${name}.spec.ts`));
      return at === -1 ? order.length : at;
    };
    return [...tests].sort((one, other) => place(one) - place(other));
  }

  /** jest's own sequencer keeps durations for the next run; here the plan decides. */
  cacheResults() {}
};
