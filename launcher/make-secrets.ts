import { demoServiceEnvironment, embeddedEnvironment } from './environment';

/** For docker-compose.yml: makes the demonstration's keys, passwords and token once, in ARREMATE_DATA_DIR. */
const dataDir = process.env['ARREMATE_DATA_DIR'] ?? '.data';
embeddedEnvironment({}, dataDir, 'postgresql://postgres');
demoServiceEnvironment({}, dataDir, 0);
