import { demoServiceEnvironment, embeddedEnvironment } from './environment';

/** For docker-compose.yml: makes the demonstration's keys and token once, in ARREMATE_DATA_DIR. */
const dataDir = process.env['ARREMATE_DATA_DIR'] ?? '.data';
embeddedEnvironment({}, dataDir, '');
demoServiceEnvironment({}, dataDir, 0);
