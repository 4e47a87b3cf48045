import { join } from 'node:path';
import { keepCompiled } from './compiled-modules';

/** The last step of a build: what the service loads is kept compiled. Loading opens nothing, so nothing has to be closed. */
keepCompiled(join(__dirname, '../src/service.js'));
process.exit(0);
