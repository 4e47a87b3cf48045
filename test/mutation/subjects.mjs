/** What mutation testing changes, and the tests that should notice. */
export const SUBJECTS = {
  pricing: {
    code: ['src/pricing/domain'],
    tests: ['src/pricing/domain', 'test/contracts/pricing'],
  },
  // What runs when a request is judged: reading, checking and comparing documents are not part of it.
  policy: {
    code: [
      'compile-policy',
      'condition',
      'display',
      'limits',
      'match-table',
      'operators',
      'price-table',
      'read-fact',
      'rule',
      'scalars',
      'shared-rules',
    ].map((name) => `src/policy/domain/${name}.ts`),
    tests: ['src/policy/domain'],
  },
};
