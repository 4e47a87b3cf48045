/** ESM-only packages: loaded by plain Node through require(esm), but jest needs them transformed to CommonJS. */
const esmOnly = [
  'jose',
  '@marcbachmann/cel-js',
  'fast-check',
  'pure-rand',
  'openid-client',
  'oauth4webapi',
  '@noble/hashes',
  'content-disposition',
  'hyparquet',
  'hyparquet-writer',
];

const { folders, order } = require('./test/together/plan.json');

const shared = {
  rootDir: __dirname,
  transform: {
    '^.+\\.(t|j|mj)sx?$': [
      '@swc/jest',
      {
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp', '<rootDir>/dist'],
  testEnvironment: 'node',
};

const withPostgres = {
  globalSetup: '<rootDir>/test/support/start-postgres.ts',
  globalTeardown: '<rootDir>/test/support/stop-postgres.ts',
};

const specsIn = (folders) => folders.map((folder) => `<rootDir>/${folder}/**/*.spec.ts`);

/** @type {import('jest').Config} */
module.exports = {
  testSequencer: '<rootDir>/test/together/sequencer.cjs',
  projects: process.env.ARREMATE_SPECS_TOGETHER
    ? [
        {
          ...shared,
          ...withPostgres,
          displayName: 'all',
          // Specs that the plan does not name are in a share.
          testMatch: [
            ...specsIn(['test/together', 'test/browser']),
            ...order
              .filter((name) => name.startsWith('e2e/'))
              .map((name) => `<rootDir>/test/${name}.spec.ts`),
          ],
        },
      ]
    : [
        { ...shared, displayName: 'unit', testMatch: specsIn(folders.unit) },
        {
          ...shared,
          ...withPostgres,
          displayName: 'integration',
          testMatch: specsIn(folders.integration),
          setupFilesAfterEnv: ['<rootDir>/test/support/one-connection.ts'],
        },
        { ...shared, ...withPostgres, displayName: 'e2e', testMatch: specsIn(['test/e2e']) },
        { ...shared, ...withPostgres, displayName: 'browser', testMatch: specsIn(['test/browser']) },
      ],
  testTimeout: 60_000,
};
