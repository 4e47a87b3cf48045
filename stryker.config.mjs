/** npm run mutation: how many changes to the arithmetic of pricing no test notices. Up to an hour; see docs/pricing.md. */
import jestConfig from './jest.config.cjs';

// Each mutant runs its tests anew, and one counterexample is enough.
process.env.PROPERTY_RUNS ??= '10';

const { transform, transformIgnorePatterns, moduleFileExtensions, testEnvironment } = jestConfig.projects[0];

export default {
  mutate: ['src/pricing/domain/**/*.ts', '!**/*.spec.ts'],
  testRunner: 'jest',
  jest: {
    projectType: 'custom',
    enableFindRelatedTests: false,
    config: {
      transform,
      transformIgnorePatterns,
      moduleFileExtensions,
      testEnvironment,
      projects: [],
      roots: ['<rootDir>/src/pricing', '<rootDir>/src/kernel', '<rootDir>/test/contracts/pricing'],
      watchman: false,
      testSequencer: './test/support/quick-tests-first.cjs',
      testMatch: [
        '<rootDir>/src/pricing/domain/**/*.spec.ts',
        '<rootDir>/test/contracts/pricing/**/*.spec.ts',
      ],
    },
  },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 8000,
  ignorePatterns: ['.data', 'dist', 'console', 'coverage', 'reports'],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { allowColor: false, logTests: false },
  jsonReporter: { fileName: 'reports/mutation/pricing.json' },
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: '.stryker-tmp',
};
