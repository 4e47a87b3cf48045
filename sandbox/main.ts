import { stringifyJson } from '../src/kernel';
import { startSandbox } from './index';
import { readSettings, SettingsError } from './settings';

/** One line of JSON per event. */
function log(event: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(`${stringifyJson({ time: new Date().toISOString(), event, ...fields })}\n`);
}

async function main(): Promise<void> {
  const { identity, ...settings } = readSettings(process.env);
  const sandbox = await startSandbox({
    ...settings,
    signing: identity.scheme,
    apiClientKey: identity.apiClientKey,
    privateKey: identity.privateKey,
    partnerPublicKey: identity.partnerPublicKey,
    log,
  });
  log('sandbox_started', { url: sandbox.url, webhooks_to: settings.behaviour.webhooks.url });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void sandbox.close().then(() => {
      log('sandbox_stopped');
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
