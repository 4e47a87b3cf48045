import { dirname, join } from 'node:path';
import { keepCompiled } from './compiled-modules';

/** The last step of a build: what the service loads is kept compiled. */
const root = dirname(dirname(__dirname));
keepCompiled(root, join(root, 'dist/src/service.js'));
// Some of what was loaded waits for work.
process.exit(0);
