/** Who may import whom. The reasons stand in docs/ARCHITECTURE.md, "Rules that the build checks". */
const modules = [
  'pricing',
  'policy',
  'exposure',
  'decision',
  'auction',
  'trial',
  'commands',
  'operation',
  'origination',
  'reconciliation',
  'qi',
  'intake',
  'bindings',
  'inbox',
  'notifications',
  'conformance',
  'history',
  'access',
  'retention',
  'recovery',
  'platform',
];

/** What each module may import besides itself, the kernel and node_modules. */
const allowed = {
  pricing: ['platform'],
  policy: ['platform'],
  exposure: ['platform'],
  inbox: ['platform'],
  decision: ['policy', 'pricing', 'exposure'],
  auction: ['decision', 'policy', 'pricing', 'exposure', 'inbox', 'recovery', 'platform'],
  trial: ['auction', 'decision', 'policy', 'pricing', 'inbox', 'platform'],
  commands: ['recovery', 'platform'],
  operation: ['commands', 'exposure', 'inbox', 'recovery', 'platform'],
  origination: [
    'commands',
    'operation',
    'decision',
    'policy',
    'pricing',
    'exposure',
    'inbox',
    'recovery',
    'platform',
  ],
  reconciliation: ['operation', 'exposure', 'recovery', 'platform'],
  qi: ['auction', 'commands', 'operation', 'origination', 'reconciliation', 'inbox', 'platform'],
  intake: ['commands', 'operation', 'qi', 'platform'],
  bindings: ['auction', 'operation', 'origination', 'policy', 'pricing', 'intake', 'inbox', 'qi'],
  notifications: ['platform'],
  conformance: ['auction', 'decision', 'pricing', 'inbox', 'qi', 'platform'],
  history: ['auction', 'decision', 'operation', 'policy', 'access', 'platform'],
  access: ['platform'],
  retention: ['platform'],
  recovery: ['platform'],
  platform: [],
};

const rules = modules.map((from) => ({
  name: `${from}-imports-only-its-own`,
  comment: `src/${from} may import: kernel${allowed[from].map((m) => `, ${m}`).join('')}`,
  severity: 'error',
  from: { path: `^src/${from}/`, pathNot: '\\.spec\\.ts$' },
  to: {
    path: '^src/',
    pathNot: [`^src/${from}/`, '^src/kernel/', ...allowed[from].map((m) => `^src/${m}/`)],
  },
}));

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'kernel-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^src/', pathNot: '^src/kernel/' },
    },
    {
      name: 'through-the-front-door',
      comment: "A module's inside is its own: import its index.ts (or the index.ts of its domain/).",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/.+', pathNot: ['^src/$1/', '^src/[^/]+/(domain/)?index\\.ts$'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ imports domain/ of the modules below it, the kernel, and pure libraries.',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/[^/]+/domain/', '^src/kernel/'] },
    },
    {
      name: 'domain-has-no-framework',
      severity: 'error',
      from: { path: ['^src/[^/]+/domain/', '^src/kernel/'], pathNot: '\\.spec\\.ts$' },
      to: {
        path: [
          'node_modules/(@nestjs|typeorm|pg|axios|pino|rxjs|fastify)',
          '^(node:)?(fs|http|https|net|child_process|os|process)',
        ],
      },
    },
    {
      name: 'sandbox-reads-the-contract-for-itself',
      comment: 'Two readings of one contract, or shared mistakes cancel out.',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/kernel/', '^src/pricing/domain/'] },
    },
    {
      name: 'launcher-stands-apart',
      severity: 'error',
      from: { path: '^launcher/' },
      to: { path: ['^src/', '^sandbox/'] },
    },
    {
      name: 'no-cycles',
      comment: 'Of types too: a circle of types is a circle of thoughts.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { pathNot: '(\\.spec\\.ts$|^test/)' },
      to: { path: ['\\.spec\\.ts$', '^test/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
