import { userInfo } from 'node:os';

/** Who runs a command, for the audit trail: by number where the number has no name, as in a container that runs as any. */
export function commandActor(whoIs: () => { readonly username: string } = userInfo): string {
  return `command line:${nameOf(whoIs)}`;
}

function nameOf(whoIs: () => { readonly username: string }): string {
  try {
    return whoIs().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
