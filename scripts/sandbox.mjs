/** npm run sandbox: the sandbox alone, with the keys and the port that npm start would give it. */
import { prepare, root, runAttached } from './prepare.mjs';

await prepare();
const { dataDirectory, demoSandboxEnvironment, given } = await import('../dist/launcher/environment.js');
const port = Number(given(process.env).SANDBOX_PORT ?? 3100);
const env = demoSandboxEnvironment(process.env, dataDirectory(process.env, root), port);
process.exit(await runAttached(['dist/sandbox/main.js'], { env }));
