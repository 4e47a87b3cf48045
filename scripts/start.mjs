/** npm start */
import { prepare, root } from './prepare.mjs';

await prepare();
const { start } = await import('../dist/launcher/start.js');
process.exit(await start(root, process.env));
