/**
 * One rule for oxlint: what a domain computes depends on its arguments alone, and on no binary float. It stands here because
 * oxlint knows no rule for a call by name.
 */
const DECIMALS = 'Amounts and rates are decimals, never binary floats.';
const CLOCK = 'Pass the time in: domain code has no clock.';

const calls = new Map([
  ['Date.now', CLOCK],
  ['Math.random', 'Pass the randomness in.'],
  ['parseFloat', DECIMALS],
  ['Number.parseFloat', DECIMALS],
]);

/** @returns {string} `object.method` or `function`, as far as both are names */
function called({ type, name, object, property }) {
  return type === 'MemberExpression' ? `${object.name}.${property.name}` : name;
}

const none = {
  create: (context) => ({
    CallExpression(node) {
      const { callee } = node;
      const message = callee.property?.name === 'toNumber' ? DECIMALS : calls.get(called(callee));
      if (message !== undefined) context.report({ node, message });
    },
    NewExpression(node) {
      if (node.callee.name === 'Date' && node.arguments.length === 0)
        context.report({ node, message: CLOCK });
    },
  }),
};

export default { meta: { name: 'hidden-inputs' }, rules: { none } };
