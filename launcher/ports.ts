import { createServer } from 'node:net';
import type { Environment } from './environment';
import { LaunchError } from './launch-error';
import { describePortHolder } from './port-holder';
import { errorCode } from './processes';

/** Whether this process could listen on the port of the loopback interface right now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await whyNotListen(port, '127.0.0.1')) === undefined;
}

/**
 * @param name of the setting
 * @throws LaunchError that says why nobody can listen there
 */
export async function assertCanListen(name: string, port: number, host: string): Promise<void> {
  const code = await whyNotListen(port, host);
  if (code === undefined) return;
  if (code === 'EADDRINUSE')
    throw new LaunchError(
      `${name} ${port} is taken by ${describePortHolder(port)}.`,
      `Stop it, or start on another port: ${name}=${port + 1} npm start`,
    );
  throw new LaunchError(
    `${name} ${port} cannot be opened at ${host} (${code}).`,
    code === 'EACCES'
      ? `A port below 1024 needs rights. Start on a higher one: ${name}=3000 npm start`
      : 'HOST must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has.',
  );
}

/** The system's name for what is in the way. */
function whyNotListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      resolve(String(errorCode(error)));
    });
    probe.listen({ port, host, exclusive: true }, () => {
      probe.close(() => {
        resolve(undefined);
      });
    });
  });
}

/**
 * The user's settings with ports that can be told to others: 0 is any free one.
 * @throws LaunchError for what is no port
 */
export async function withPorts(user: Environment): Promise<Environment> {
  const ports: Record<string, string> = {};
  for (const name of ['PORT', 'SANDBOX_PORT']) {
    const value = user[name];
    if (value === undefined) continue;
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
      throw new LaunchError(
        `${name} must be a whole number from 0 to 65535.`,
        'Unset it, or set it to a free port.',
      );
    if (Number(value) === 0) ports[name] = String(await findFreePort());
  }
  return { ...user, ...ports };
}

/** A port of the loopback interface that nobody listens on. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system assigned no port'));
      });
    });
  });
}
